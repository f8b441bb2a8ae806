"""ISO 639: each language that has a code of two letters, its codes of three, names in English and French.

Codes: ISO 639 as in Debian's iso-codes (pycountry 26.2.16, February 2026).
Names: Unicode CLDR (Babel 2.19.0).
"""

LANGUAGES = """\
aa aar Afar|afar
ab abk Abkhazian|abkhaze
ae ave Avestan|avestique
af afr Afrikaans|afrikaans
ak aka Akan|akan
am amh Amharic|amharique
an arg Aragonese|aragonais
ar ara Arabic|arabe
as asm Assamese|assamais
av ava Avaric|avar
ay aym Aymara|aymara
az aze Azerbaijani|azerbaïdjanais
ba bak Bashkir|bachkir
be bel Belarusian|biélorusse
bg bul Bulgarian|bulgare
bi bis Bislama|bichelamar
bm bam Bambara|bambara
bn ben Bangla|bengali
bo bod,tib Tibetan|tibétain
br bre Breton|breton
bs bos Bosnian|bosniaque
ca cat Catalan|catalan
ce che Chechen|tchétchène
ch cha Chamorro|chamorro
co cos Corsican|corse
cr cre Cree|cree
cs ces,cze Czech|tchèque
cu chu Church Slavic|slavon d'église
cv chv Chuvash|tchouvache
cy cym,wel Welsh|gallois
da dan Danish|danois
de deu,ger German|allemand
dv div Divehi|maldivien
dz dzo Dzongkha|dzongkha
ee ewe Ewe|éwé
el ell,gre Greek|grec
en eng English|anglais
eo epo Esperanto|espéranto
es spa Spanish|espagnol
et est Estonian|estonien
eu eus,baq Basque|basque
fa fas,per Persian|persan
ff ful Fula|peul
fi fin Finnish|finnois
fj fij Fijian|fidjien
fo fao Faroese|féroïen
fr fra,fre French|français
fy fry Western Frisian|frison occidental
ga gle Irish|irlandais
gd gla Scottish Gaelic|gaélique écossais
gl glg Galician|galicien
gn grn Guarani|guarani
gu guj Gujarati|goudjarati
gv glv Manx|mannois
ha hau Hausa|haoussa
he heb Hebrew|hébreu
hi hin Hindi|hindi
ho hmo Hiri Motu|hiri motu
hr hrv Croatian|croate
ht hat Haitian Creole|créole haïtien
hu hun Hungarian|hongrois
hy hye,arm Armenian|arménien
hz her Herero|héréro
ia ina Interlingua|interlingua
id ind Indonesian|indonésien
ie ile Interlingue|interlingue
ig ibo Igbo|igbo
ii iii Sichuan Yi|yi du Sichuan
ik ipk Inupiaq|inupiaq
io ido Ido|ido
is isl,ice Icelandic|islandais
it ita Italian|italien
iu iku Inuktitut|inuktitut
ja jpn Japanese|japonais
jv jav Javanese|javanais
ka kat,geo Georgian|géorgien
kg kon Kongo|kikongo
ki kik Kikuyu|kikuyu
kj kua Kuanyama|kuanyama
kk kaz Kazakh|kazakh
kl kal Kalaallisut|groenlandais
km khm Khmer|khmer
kn kan Kannada|kannada
ko kor Korean|coréen
kr kau Kanuri|kanouri
ks kas Kashmiri|cachemiri
ku kur Kurdish|kurde
kv kom Komi|komi
kw cor Cornish|cornique
ky kir Kyrgyz|kirghize
la lat Latin|latin
lb ltz Luxembourgish|luxembourgeois
lg lug Ganda|ganda
li lim Limburgish|limbourgeois
ln lin Lingala|lingala
lo lao Lao|lao
lt lit Lithuanian|lituanien
lu lub Luba-Katanga|luba-katanga (kiluba)
lv lav Latvian|letton
mg mlg Malagasy|malgache
mh mah Marshallese|marshallais
mi mri,mao Māori|maori
mk mkd,mac Macedonian|macédonien
ml mal Malayalam|malayalam
mn mon Mongolian|mongol
mr mar Marathi|marathi
ms msa,may Malay|malais
mt mlt Maltese|maltais
my mya,bur Burmese|birman
na nau Nauru|nauruan
nb nob Norwegian Bokmål|norvégien bokmål
nd nde North Ndebele|ndébélé du Nord
ne nep Nepali|népalais
ng ndo Ndonga|ndonga
nl nld,dut Dutch|néerlandais
nn nno Norwegian Nynorsk|norvégien nynorsk
no nor Norwegian|norvégien
nr nbl South Ndebele|ndébélé du Sud
nv nav Navajo|navajo
ny nya Nyanja|chewa
oc oci Occitan|occitan
oj oji Ojibwa|ojibwa
om orm Oromo|oromo
or ori Odia|odia
os oss Ossetic|ossète
pa pan Punjabi|pendjabi
pi pli Pali|pali
pl pol Polish|polonais
ps pus Pashto|pachto
pt por Portuguese|portugais
qu que Quechua|quechua
rm roh Romansh|romanche
rn run Rundi|roundi
ro ron,rum Romanian|roumain
ru rus Russian|russe
rw kin Kinyarwanda|kinyarwanda
sa san Sanskrit|sanskrit
sc srd Sardinian|sarde
sd snd Sindhi|sindhi
se sme Northern Sami|same du Nord
sg sag Sango|sango
sh hbs Serbo-Croatian|serbo-croate
si sin Sinhala|cingalais
sk slk,slo Slovak|slovaque
sl slv Slovenian|slovène
sm smo Samoan|samoan
sn sna Shona|shona
so som Somali|somali
sq sqi,alb Albanian|albanais
sr srp Serbian|serbe
ss ssw Swati|swati
st sot Southern Sotho|sotho du Sud
su sun Sundanese|soundanais
sv swe Swedish|suédois
sw swa Swahili|swahili
ta tam Tamil|tamoul
te tel Telugu|télougou
tg tgk Tajik|tadjik
th tha Thai|thaï
ti tir Tigrinya|tigrigna
tk tuk Turkmen|turkmène
tl tgl Tagalog|tagalog
tn tsn Tswana|tswana
to ton Tongan|tongien
tr tur Turkish|turc
ts tso Tsonga|tsonga
tt tat Tatar|tatar
tw twi Twi|twi
ty tah Tahitian|tahitien
ug uig Uyghur|ouïghour
uk ukr Ukrainian|ukrainien
ur urd Urdu|ourdou
uz uzb Uzbek|ouzbek
ve ven Venda|venda
vi vie Vietnamese|vietnamien
vo vol Volapük|volapük
wa wln Walloon|wallon
wo wol Wolof|wolof
xh xho Xhosa|xhosa
yi yid Yiddish|yiddish
yo yor Yoruba|yoruba
za zha Zhuang|zhuang
zh zho,chi Chinese|chinois
zu zul Zulu|zoulou
"""
