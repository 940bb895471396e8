package io.meshwork.odcs.internal.profile;

import io.meshwork.internal.schema.PhysicalName;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Recognizes columns about persons, by their names and values. Not thread-safe. */
public final class PersonalData {
  private static final int MAX_LENGTH = 120;

  /** Half of the values show what the others are. */
  private static final double SHARE = 0.5;

  private static final Pattern EMAIL =
      Pattern.compile("[\\p{L}0-9._%+'-]{1,64}@[\\p{L}0-9-]{1,63}(?:\\.[\\p{L}0-9-]{1,63})+");
  private static final Pattern IBAN = Pattern.compile("[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}");
  private static final Pattern PHONE =
      Pattern.compile("(?:\\+|00?)?[1-9(][0-9()]{0,6}(?:[ /.-]?[0-9()]{1,6}){1,7}");
  private static final Pattern DATE = Pattern.compile("[0-9]{1,2}([./ -])[0-9]{1,2}\\1[0-9]{2,4}");
  private static final Pattern PERSON =
      Pattern.compile("\\p{Lu}[\\p{L}'’.-]*(?:[ ,]+(?:\\p{L}\\.?|[\\p{L}'’-]+)){1,4}");

  private static final Set<String> PHONE_WORDS =
      Set.of(
          "phone",
          "phonenumber",
          "telephone",
          "tel",
          "telefon",
          "telefonnummer",
          "telephonenumber",
          "telefono",
          "telefone",
          "telefoon",
          "mobile",
          "mobilenumber",
          "mobil",
          "mobiltelefon",
          "mobilnummer",
          "handy",
          "handynummer",
          "cellphone",
          "fax",
          "faxnummer",
          "rufnummer",
          "movil",
          "celular",
          "cellulare",
          "gsm",
          "puhelin");
  private static final Set<String> MAIL_WORDS =
      Set.of("email", "mail", "emailaddress", "mailadresse", "emailadresse", "courriel", "correo");
  private static final Set<String> ACCOUNT_WORDS =
      Set.of(
          "iban",
          "kontonummer",
          "kontonr",
          "accountnumber",
          "bankaccount",
          "creditcard",
          "cardnumber",
          "kreditkarte",
          "ssn",
          "socialsecuritynumber",
          "steuerid",
          "taxid",
          "passport",
          "passportnumber",
          "reisepass",
          "ausweisnummer",
          "dni",
          "nif",
          "cpf",
          "bsn",
          "pesel",
          "personnummer",
          "sozialversicherungsnummer",
          "svnr",
          "ahv");
  private static final Set<String> NAME_WORDS =
      Set.of(
          "firstname",
          "lastname",
          "surname",
          "fullname",
          "givenname",
          "familyname",
          "middlename",
          "maidenname",
          "vorname",
          "nachname",
          "familienname",
          "geburtsname",
          "prenom",
          "nomdefamille",
          "nombre",
          "apellido",
          "apellidos",
          "cognome",
          "voornaam",
          "achternaam",
          "fornavn",
          "efternavn",
          "fornamn",
          "efternamn",
          "nome",
          "sobrenome",
          "imie",
          "nazwisko");
  private static final Set<String> BIRTH_WORDS =
      Set.of(
          "birthdate",
          "dateofbirth",
          "birthday",
          "dob",
          "geburtsdatum",
          "geburtstag",
          "gebdatum",
          "datedenaissance",
          "naissance",
          "fechadenacimiento",
          "nacimiento",
          "datadinascita",
          "geboortedatum",
          "fodselsdato");
  private static final Set<String> ADDRESS_WORDS =
      Set.of(
          "street",
          "streetaddress",
          "homeaddress",
          "postaladdress",
          "strasse",
          "strassehausnummer",
          "anschrift",
          "rue",
          "calle",
          "indirizzo",
          "straat",
          "ipaddress",
          "ip",
          "clientip");

  /** Columns with persons or other things: the values decide. */
  private static final Set<String> PERSON_WORDS =
      Set.of(
          "name",
          "customer",
          "customername",
          "client",
          "clientname",
          "kunde",
          "kunden",
          "kundenname",
          "kundin",
          "person",
          "contact",
          "contactname",
          "kontakt",
          "ansprechpartner",
          "user",
          "username",
          "employee",
          "employeename",
          "mitarbeiter",
          "mitarbeiterin",
          "patient",
          "patientname",
          "member",
          "mitglied",
          "owner",
          "author",
          "recipient",
          "empfaenger",
          "klient",
          "nom",
          "cliente",
          "utente",
          "naam",
          "klant",
          "navn",
          "kund");

  private static final Set<String> CODE_WORDS =
      Set.of(
          "zip",
          "zipcode",
          "plz",
          "postleitzahl",
          "postcode",
          "postalcode",
          "codepostal",
          "codigopostal",
          "isbn",
          "ean",
          "gtin",
          "upc",
          "sku",
          "barcode",
          "code",
          "account",
          "konto",
          "accountno",
          "artikelnr",
          "artikelnummer",
          "articlenumber",
          "partnumber",
          "materialnummer");
  private static final Set<String> VERSION_WORDS =
      Set.of("version", "release", "firmware", "build");

  /** Words that may come first, as in {@code Telefon privat}. */
  private static final Set<String> FIRST_WORDS =
      Set.of("telefon", "telephone", "phone", "email", "iban", "fax", "vorname", "nachname");

  private static final int SHORTEST_ACCOUNT = 6;
  private static final int SHORTEST_CODE = 4;

  private long values;
  private long emails;
  private long ibans;
  private long phones;
  private long persons;

  void add(String text) {
    values++;
    if (text.length() > MAX_LENGTH || text.length() < 3) {
      return;
    }
    if (text.indexOf('@') > 0 && EMAIL.matcher(text).matches()) {
      emails++;
    } else if (isIban(text)) {
      ibans++;
    } else if (isPhone(text)) {
      phones++;
    } else if (PERSON.matcher(text).matches()) {
      persons++;
    }
  }

  private static boolean isIban(String text) {
    if (!Character.isUpperCase(text.charAt(0))) {
      return false;
    }
    String plain = text.replace(" ", "");
    if (!IBAN.matcher(plain).matches()) {
      return false;
    }
    StringBuilder digits = new StringBuilder();
    for (char c : (plain.substring(4) + plain.substring(0, 4)).toCharArray()) {
      digits.append(Character.getNumericValue(c));
    }
    return new BigInteger(digits.toString()).mod(BigInteger.valueOf(97)).intValue() == 1;
  }

  /** A number with a plus, a leading zero, or parts, as no amount or date has them. */
  private static boolean isPhone(String text) {
    int digits = (int) text.chars().filter(Character::isDigit).count();
    boolean prefixed = text.startsWith("+") || text.startsWith("0") || text.startsWith("(");
    return digits >= 7
        && digits <= 15
        && prefixed
        && !DATE.matcher(text).matches()
        && PHONE.matcher(text.startsWith("(") ? text.replaceFirst("\\(0?", "") : text).matches();
  }

  /**
   * True if a column of this name has codes, even if all of them are digits.
   *
   * @param shortest the length of its shortest value
   */
  static boolean isCode(String name, int shortest) {
    return has(VERSION_WORDS, name)
        || (shortest >= SHORTEST_CODE && has(CODE_WORDS, name))
        || (shortest >= SHORTEST_ACCOUNT && (has(PHONE_WORDS, name) || has(ACCOUNT_WORDS, name)));
  }

  /** True if a column of this name has dates of birth. */
  static boolean isBirth(String name) {
    return has(BIRTH_WORDS, name) || name.toLowerCase(Locale.ROOT).matches(".*(birth|geburt).*");
  }

  /**
   * Returns why a column is about persons; empty if nothing shows it.
   *
   * @param isText false for numbers, dates, and booleans, of which only the name shows it
   */
  public Optional<String> evidence(String name, boolean isText) {
    if (values == 0 || !isText) {
      return has(PHONE_WORDS, name) || has(ACCOUNT_WORDS, name) || has(BIRTH_WORDS, name)
          ? Optional.of("personal by its name")
          : Optional.empty();
    }
    if (emails >= values * SHARE) {
      return Optional.of("e-mail addresses in " + share(emails));
    } else if (ibans >= values * SHARE) {
      return Optional.of("IBANs in " + share(ibans));
    } else if (phones >= values * 0.9 && phones >= 10) {
      return Optional.of("phone numbers in " + share(phones));
    }
    for (Set<String> words :
        List.of(MAIL_WORDS, PHONE_WORDS, ACCOUNT_WORDS, NAME_WORDS, BIRTH_WORDS, ADDRESS_WORDS)) {
      if (has(words, name)) {
        return Optional.of("personal by its name");
      }
    }
    return PERSON_WORDS.contains(String.join("", words(name))) && persons >= values * SHARE
        ? Optional.of("personal by its name, and names of persons in " + share(persons))
        : Optional.empty();
  }

  private String share(long count) {
    return Math.round(100.0 * count / values) + " % of the values";
  }

  /** True if the name, or its last word or two words, is one of the words. */
  private static boolean has(Set<String> words, String name) {
    String[] parts = words(name);
    String joined = "";
    for (int i = parts.length - 1; i >= 0; i--) {
      joined = parts[i] + joined;
      if (words.contains(joined)) {
        return true;
      }
    }
    return words.contains(parts[0]) && FIRST_WORDS.contains(parts[0]);
  }

  private static String[] words(String name) {
    String ascii = PhysicalName.legal(name);
    return ascii
        .replaceAll("([a-z0-9])([A-Z])", "$1_$2")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[0-9]+", "")
        .replaceAll("^_+|_+$", "")
        .replace("e_mail", "email")
        .split("_+", -1);
  }
}
