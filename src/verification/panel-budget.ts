// How much of a panel text may change before G6 fails.

/** Share of the documents of a text, from 0 to 1, that may change, by the text's name. A text without a budget is only reported. */
export type Budgets = Readonly<Record<string, number>>;

/** English and code are what a model for another language is still expected to read as before. */
export const DEFAULT_BUDGETS: Budgets = { en: 0, code: 0 };
