package io.meshwork.contract;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.runtime.Sha256;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.schema.LegalSchema;
import io.meshwork.internal.schema.SchemaProperties;
import io.meshwork.internal.schema.TimeTruncation;
import io.meshwork.internal.text.NearestName;
import io.meshwork.product.Classification;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Period;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Currency;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The contract of a product: schema, rules, and terms. Each method that changes something returns a
 * new contract. A contract has no version; the mesh assigns one when it applies the contract. Two
 * contracts are equal if their canonical JSON is equal. Immutable and thread-safe.
 */
public final class Contract {
  /** The default of {@link #maxQuarantineShare(double)}, in percent. */
  public static final double DEFAULT_MAX_QUARANTINE_SHARE = 10;

  /** The ID of the rule that enforces the primary key. */
  public static final String PRIMARY_KEY = "primaryKey";

  private static final int MAX_SCALE = 12;
  private static final int MAX_DIGITS = 24;
  private static final int MAX_CONTACTS = 50;
  private static final int MAX_LINE = 1_000;

  /** The action that fails if a part of a contract is not valid. */
  static final MeshAction CREATION = MeshAction.of(Verb.CREATE, "the contract");

  /** An engine that reads the files of a product. */
  public enum Engine {
    /** Consumers that use Meshwork. */
    MESHWORK(true),
    /** DuckDB; version 2.0 is tested. */
    DUCKDB(true),
    /** Programs that read records with parquet-java; version 1.18 is tested. */
    PARQUET_JAVA(true),
    /** Spark with Iceberg 1.11 or newer; Spark 3.5 and 4.1 are tested with Iceberg 1.12. */
    SPARK(true),
    /** Spark with Iceberg 1.10 or older, whose vectorized reader refuses delta encodings. */
    SPARK_ICEBERG_1_10(false);

    private final boolean deltaEncodings;

    Engine(boolean deltaEncodings) {
      this.deltaEncodings = deltaEncodings;
    }

    /** Returns true if it reads the encodings DELTA_BINARY_PACKED and DELTA_LENGTH_BYTE_ARRAY. */
    public boolean readsDeltaEncodings() {
      return deltaEncodings;
    }
  }

  /** What a channel of a {@link Contact} is for, as in the Open Data Contract Standard. */
  public enum ContactScope {
    /** People answer questions. */
    INTERACTIVE,
    /** The owner announces changes and incidents. Notices go there. */
    ANNOUNCEMENTS,
    /** People report problems. */
    ISSUES,
    /** Programs notify people of incidents. Notices go there. */
    NOTIFICATIONS;

    /** Returns true if notices, such as of late data, go to contacts of this scope. */
    public boolean receivesNotices() {
      return this == ANNOUNCEMENTS || this == NOTIFICATIONS;
    }
  }

  /**
   * Where to ask about the product, or where its notices go.
   *
   * @param channel its name, such as {@code #shop-data}; not blank
   * @param address an email address or a URL; not blank
   * @param scope what it is for
   */
  public record Contact(String channel, String address, ContactScope scope) {
    /** Checks the strings. */
    public Contact {
      channel = line("channel", channel);
      address = line("address", address);
      argument("scope", scope);
    }
  }

  /**
   * What the use of the product costs. Meshwork shows it and charges nothing.
   *
   * @param amount zero or more
   * @param currency such as {@code EUR}
   * @param unit what the amount is for, such as {@code month}; not blank
   */
  public record Price(BigDecimal amount, Currency currency, String unit) {
    private static final Pattern TEXT =
        Pattern.compile("([0-9.]{1,60}) ([A-Z]{3}) per (.+)", Pattern.DOTALL);

    /** Checks the parts. */
    public Price {
      argument("currency", currency);
      unit = line("unit", unit);
      BigDecimal plain = argument("amount", amount).stripTrailingZeros();
      if (plain.signum() < 0
          || plain.precision() > MAX_DIGITS
          || Math.abs(plain.scale()) > MAX_SCALE) {
        throw invalid(
            "the amount of the price is negative or has too many digits",
            "Use zero or more, with at most " + MAX_SCALE + " decimal places.");
      }
      // One form of each amount, so that 10 and 10.00 are one price.
      amount =
          plain.setScale(Math.max(plain.scale(), Math.max(0, currency.getDefaultFractionDigits())));
    }

    static Price parse(String text) {
      Matcher parts = TEXT.matcher(text);
      if (parts.matches()) {
        try {
          return new Price(
              new BigDecimal(parts.group(1)), Currency.getInstance(parts.group(2)), parts.group(3));
        } catch (IllegalArgumentException e) {
          // The next statement says what is expected.
        }
      }
      throw invalid(
          "the price '" + NameGrammar.quoted(text) + "' is malformed",
          "Use a form such as 0.10 EUR per query.");
    }

    /** Returns a string such as {@code 0.10 EUR per query}. */
    @Override
    public String toString() {
      return amount.toPlainString() + " " + currency.getCurrencyCode() + " per " + unit;
    }
  }

  private final ContractTerms terms;

  Contract(ContractTerms terms) {
    this.terms = terms;
  }

  /**
   * Creates a contract with the components of a Java record as columns, in their order.
   *
   * <p>Nullable are {@code Optional} and boxed components (Integer, Long, Short, Byte, Float,
   * Double, Boolean). Required are primitives and all other references: String, CharSequence,
   * BigDecimal (with {@code @Column(precision, scale)}), LocalDate, LocalTime, LocalDateTime,
   * Instant, UUID, byte[], ByteBuffer, and enums; wrap them in {@code Optional} to allow null.
   * Short and byte become int.
   *
   * <p>Records, {@code List}, {@code Collection}, arrays, and {@code Map<String, V>} can contain
   * these types and each other. Elements of lists and values of maps are required, boxed or not,
   * unless they are {@code Optional}; their decimals have the size given by {@code @Column} on the
   * component.
   *
   * @param recordType a record class; not null
   * @throws InvalidRequestException SCHEMA_UNSUPPORTED with each path that has no column type, such
   *     as {@code lines[].quantity}, and each record that contains itself; LIMIT_EXCEEDED above 32
   *     levels or 10,000 leaf columns
   */
  public static Contract of(Class<?> recordType) {
    return of(RecordColumns.schema(recordType));
  }

  /**
   * Creates a contract with the columns of an Avro record schema.
   *
   * @param schema a record; not null
   * @throws InvalidRequestException SCHEMA_UNSUPPORTED with every invalid path; LIMIT_EXCEEDED
   *     above 32 levels or 10,000 leaf columns
   */
  public static Contract of(Schema schema) {
    LegalSchema.check(schema, LegalSchema.NEWEST_FORMAT);
    checkProperties(schema.toString());
    return new Contract(ContractTerms.of(LegalSchema.parse(schema.toString())));
  }

  /**
   * Creates a contract with the columns of an Avro schema file ({@code .avsc}) of at most 16 MiB,
   * or of an Avro file with rows ({@code .avro}).
   *
   * @param file the file; not null
   * @throws InvalidRequestException SOURCE_UNREADABLE if the file cannot be read;
   *     SCHEMA_UNSUPPORTED with every invalid path; LIMIT_EXCEEDED above 32 levels or 10,000 leaf
   *     columns
   */
  public static Contract fromAvro(Path file) {
    return fromAvroText(AvroSchemaFile.text(argument("file", file)));
  }

  /**
   * Creates a contract with the columns of a Parquet file, read from its footer, and no rules.
   * Columns that are optional in the file are nullable. A column whose name a contract cannot have,
   * such as {@code Order ID}, is {@code Order_ID} with the physical name {@code Order ID}.
   *
   * @param file the Parquet file; not null
   * @throws InvalidRequestException SOURCE_UNREADABLE if the file cannot be read;
   *     SCHEMA_UNSUPPORTED with every column that a contract cannot have
   * @throws io.meshwork.error.ContractViolationException FILE_MALFORMED if it is not a Parquet file
   */
  public static Contract fromParquet(Path file) {
    return ParquetColumns.contract(argument("file", file));
  }

  /** Rejects Meshwork's schema properties that are unknown or in the wrong place. */
  static void checkProperties(String schema) {
    SchemaProperties.findMisuse(schema)
        .ifPresent(
            reason -> {
              throw invalid(reason, "Correct or remove the property.");
            });
  }

  static Contract fromAvroText(String text) {
    LegalSchema.check(text, LegalSchema.NEWEST_FORMAT);
    checkProperties(text);
    return new Contract(ContractTerms.of(LegalSchema.parse(text)));
  }

  /** Creates a contract with the columns of a file, without rules. */
  static Contract fromFile(org.apache.iceberg.Schema file, String recordName, MeshAction action) {
    return of(IcebergSchemas.ofFile(file, recordName, action));
  }

  /**
   * Reads a contract from the JSON that {@link #toJson} writes. Every key at every depth must be
   * known and have a value of its type, so that a misspelled key is rejected and not ignored. Other
   * tools can store data in the object {@code extensions}, which is preserved and otherwise
   * ignored, except {@code searchTerms}: an array of objects with {@code field}, a constant of
   * {@code Search.Field}, {@code column}, empty for the product, and {@code text}, which a search
   * finds; or, to quote a string that is another extension, its name in {@code in} and, in {@code
   * parts}, strings and pairs of the first character and the one after the last. Properties of the
   * Avro schema follow the Avro specification.
   *
   * @param json the text; not null
   * @throws InvalidRequestException CONTRACT_INVALID, for example for an unknown key, with the
   *     nearest known one; RULE_INVALID, SCHEMA_UNSUPPORTED, or LIMIT_EXCEEDED
   */
  public static Contract fromJson(String json) {
    return new Contract(ContractReader.read(json)).checked(List.of());
  }

  /**
   * Reads a contract that a mesh stored; for programs that read a mesh's documents. Unlike {@link
   * #fromJson}, it retains unknown top-level keys and does not check again whether rules fit the
   * schema, because the mesh accepted the contract and must still serve it.
   *
   * @param json the text; not null
   * @throws InvalidRequestException as {@link #fromJson}, if the document is damaged
   */
  public static Contract fromStoredJson(String json) {
    return new Contract(ContractReader.readStored(json));
  }

  /** Returns the whole contract as canonical JSON, with sorted keys and with its extensions. */
  public String toJson() {
    return ContractJson.write(terms);
  }

  /** Returns the SHA-256 of the canonical JSON, as 64 hexadecimal digits. */
  public String fingerprint() {
    return Sha256.hex(toJson());
  }

  /**
   * Adds rules. To change an existing rule, use {@link #replaceRule}.
   *
   * @param rules not null
   * @throws InvalidRequestException CONTRACT_INVALID with every rule that does not fit the schema
   */
  public Contract require(Rule... rules) {
    List<Rule> all = new ArrayList<>(terms.rules());
    for (Rule rule : rules) {
      all.add(argument("rule", rule));
    }
    return new Contract(terms.withRules(all)).checked(List.of(rules));
  }

  /**
   * Replaces the rule with the same ID. For example, {@code between("amount", 0, 50)} replaces
   * {@code between("amount", 0, 100)}: both have the ID {@code between.amount}, unless {@link
   * Rule#id(String)} set another one.
   *
   * @param rule not null
   * @throws InvalidRequestException CONTRACT_INVALID if no rule has the ID, with the nearest one,
   *     or if the rule does not fit the schema
   */
  public Contract replaceRule(Rule rule) {
    return new Contract(terms.withRules(RuleList.replace(rules(), argument("rule", rule))))
        .checked(List.of(rule));
  }

  /**
   * Removes a rule.
   *
   * @param id its ID, such as {@code between.amount}; see {@link Rule#id()}
   * @throws InvalidRequestException CONTRACT_INVALID if no rule has the ID, with the nearest one
   */
  public Contract removeRule(String id) {
    return new Contract(terms.withRules(RuleList.remove(rules(), argument("id", id))));
  }

  /**
   * Sets what the product is for.
   *
   * @param purpose not null
   */
  public Contract description(String purpose) {
    return new Contract(terms.withDescription(text("purpose", purpose)));
  }

  /**
   * Sets how the data is meant to be used.
   *
   * @param text not null; empty removes it
   */
  public Contract usage(String text) {
    return with(terms.information().withUsage(text("usage", text)));
  }

  /**
   * Sets what the data cannot be used for.
   *
   * @param text not null; empty removes it
   */
  public Contract limitations(String text) {
    return with(terms.information().withLimitations(text("limitations", text)));
  }

  /**
   * Sets where to ask about the product. The contacts with the scope {@code NOTIFICATIONS} receive
   * the notices of late data, in addition to the owner and the subscriptions. Replaces earlier
   * ones.
   *
   * @param contacts at most 50; none removes them
   */
  public Contract contacts(Contact... contacts) {
    List<Contact> all = new ArrayList<>();
    for (Contact contact : argument("contacts", contacts)) {
      all.add(argument("contact", contact));
    }
    if (all.size() > MAX_CONTACTS) {
      throw invalid("it has " + all.size() + " contacts", "Use at most " + MAX_CONTACTS + ".");
    }
    return with(terms.information().withContacts(all));
  }

  /**
   * Sets where the code that creates the product is.
   *
   * @param address such as a URL; empty removes it
   */
  public Contract repository(String address) {
    return with(terms.information().withRepository(text("repository", address).strip()));
  }

  /**
   * Sets what the use of the product costs.
   *
   * @param price not null
   */
  public Contract price(Price price) {
    return with(terms.information().withPrice(Optional.of(argument("price", price))));
  }

  /** Removes the price. */
  public Contract removePrice() {
    return with(terms.information().withPrice(Optional.empty()));
  }

  private Contract with(ContractInformation information) {
    return new Contract(terms.withInformation(information));
  }

  /**
   * Documents a column; shown on the product's card.
   *
   * @param column the name of a top-level column
   * @param description not null
   */
  public Contract describeColumn(String column, String description) {
    return describeColumns(Collections.singletonMap(column, description));
  }

  /**
   * Documents several columns, as {@link #describeColumn} does one.
   *
   * @param descriptions by the name of a top-level column; not null
   */
  public Contract describeColumns(Map<String, String> descriptions) {
    Map<String, String> all = new TreeMap<>(terms.columnDescriptions());
    argument("descriptions", descriptions)
        .forEach((column, text) -> all.put(existing(column), text("description", text)));
    return new Contract(terms.withColumnDescriptions(all));
  }

  /**
   * Sets how sensitive the product is. The higher of the product's and a column's classification
   * applies to the column.
   *
   * @param classification not null
   */
  public Contract classification(Classification classification) {
    return new Contract(terms.withClassification(argument("classification", classification)));
  }

  /**
   * Sets how sensitive some columns are. The higher of the product's and a column's classification
   * applies to the column.
   *
   * @param classification not null
   * @param columns names of top-level columns
   */
  public Contract classification(Classification classification, String... columns) {
    Map<String, Classification> all = new TreeMap<>(terms.columnClassifications());
    for (String column : columns) {
      all.put(existing(column), argument("classification", classification));
    }
    return new Contract(terms.withColumnClassifications(all));
  }

  /**
   * Sets the greatest age of the product's data; short for {@link ServiceLevel#freshWithin}.
   *
   * @param duration positive
   */
  public Contract freshWithin(Duration duration) {
    return new Contract(terms.withServiceLevel(serviceLevel().freshWithin(duration)));
  }

  /**
   * Sets what the product promises about the delivery of its data. Replaces all terms of an earlier
   * service level, including {@link #freshWithin(Duration)}; to retain them, start from {@link
   * #serviceLevel()}.
   *
   * @param level not null
   * @throws InvalidRequestException CONTRACT_INVALID if the column of the event time does not fit
   */
  public Contract serviceLevel(ServiceLevel level) {
    return new Contract(terms.withServiceLevel(argument("level", level))).checked(List.of());
  }

  /**
   * Sets the purposes for which the product may be read. A subscription states one of them; their
   * case does not matter. Default: any purpose.
   *
   * @param purposes letters, digits, spaces, dots, hyphens, slashes, and underscores, up to 100
   *     characters each; none means any purpose
   */
  public Contract purposes(String... purposes) {
    return new Contract(
        terms.withPurposes(PurposeList.of(Arrays.asList(argument("purposes", purposes)))));
  }

  /**
   * Sets how long before retirement consumers are notified. Default: 30 days.
   *
   * @param duration a whole number of days
   */
  public Contract noticePeriod(Duration duration) {
    if (!argument("duration", duration).equals(Duration.ofDays(duration.toDays()))) {
      throw invalid("noticePeriod is not a whole number of days", "Use whole days.");
    }
    return noticePeriod(Period.ofDays(Math.toIntExact(duration.toDays())));
  }

  /**
   * Sets how long before retirement consumers are notified. Default: 30 days.
   *
   * @param period not negative
   */
  public Contract noticePeriod(Period period) {
    if (argument("period", period).isNegative()) {
      throw invalid("noticePeriod is negative", "Use zero days or more.");
    }
    return new Contract(terms.withNoticePeriod(period));
  }

  /**
   * Sets which readers later versions of the same major version must not break. Default: {@code
   * FULL_TRANSITIVE}. Weaker modes are for products without subscriptions.
   *
   * @param mode not null
   */
  public Contract compatibility(Compatibility mode) {
    return new Contract(terms.withCompatibility(argument("mode", mode)));
  }

  /**
   * Requires two approvals by different principals of the owner for a request for access. Grants
   * without a request need one principal.
   */
  public Contract requireFourEyes() {
    return new Contract(terms.withFourEyes(true));
  }

  /** Requires one approval for a request for access. This is the default. */
  public Contract waiveFourEyes() {
    return new Contract(terms.withFourEyes(false));
  }

  /**
   * Sets which engines read the files of the product. If each of them reads delta encodings, new
   * files have them: they are smaller and written faster. Encodings of existing files do not
   * change: if an engine is added that does not read them, replace the rows that they hold.
   * Default: unknown, so that files have only the encodings that every engine reads.
   *
   * @param engines all engines that read the files; none means unknown
   */
  public Contract readers(Engine... engines) {
    Set<Engine> all = EnumSet.noneOf(Engine.class);
    for (Engine engine : argument("engines", engines)) {
      all.add(argument("engines", engine));
    }
    return new Contract(terms.withReaders(all));
  }

  /**
   * Names the record of the columns. Default: the name of the class, the schema, or the file. A
   * product has one name in all versions of a major version.
   *
   * @param fullName such as {@code Order} or {@code com.example.Order}
   * @throws InvalidRequestException CONTRACT_INVALID if it is not a name, or a column's type has it
   */
  public Contract recordName(String fullName) {
    return new Contract(terms.withSchema(NamedRecord.of(schema(), argument("name", fullName))));
  }

  /**
   * Adds the columns of another contract that this one lacks, by their names here and in files,
   * after its own. They are optional, because earlier rows have no values in them, so that the
   * change is a minor version. Their descriptions and classifications do not change; rules are not
   * added.
   *
   * @param other such as the contract of the newest file; not null
   * @throws InvalidRequestException CONTRACT_INVALID if a new column has a type with the name of
   *     another type
   */
  public Contract addColumns(Contract other) {
    List<Schema.Field> missing = AddedColumns.missing(schema(), argument("other", other).schema());
    Map<String, String> descriptions = new TreeMap<>(terms.columnDescriptions());
    Map<String, Classification> classes = new TreeMap<>(terms.columnClassifications());
    for (Schema.Field field : missing) {
      String column = field.name();
      String description = other.columnDescriptions().get(column);
      if (description != null) {
        descriptions.put(column, description);
      }
      Classification own = other.terms.columnClassifications().get(column);
      if (own != null) {
        classes.put(column, own);
      }
    }
    return new Contract(
        terms
            .withSchema(AddedColumns.with(schema(), missing))
            .withColumnDescriptions(descriptions)
            .withColumnClassifications(classes));
  }

  /**
   * Truncates times and timestamps that are finer than the unit of their column, toward the past.
   * Otherwise such a value violates the schema. {@link #of(Class)} sets this for all times of a
   * Java record, because {@code Instant.now()} is finer than microseconds. The schema has it as the
   * property {@value TimeTruncation#PROPERTY}. It does not apply to nanoseconds in files, which are
   * rejected.
   *
   * @param columns top-level columns, including their nested times; none means all
   * @throws InvalidRequestException CONTRACT_INVALID if the column does not exist
   */
  public Contract truncateExcessPrecision(String... columns) {
    return withTimes(true, columns);
  }

  /**
   * Rejects times and timestamps that are finer than the unit of their column; the opposite of
   * {@link #truncateExcessPrecision}.
   *
   * @param columns top-level columns, including their nested times; none means all
   * @throws InvalidRequestException CONTRACT_INVALID if the column does not exist
   */
  public Contract rejectExcessPrecision(String... columns) {
    return withTimes(false, columns);
  }

  private Contract withTimes(boolean truncating, String... columns) {
    Set<String> named = new HashSet<>();
    for (String column : argument("columns", columns)) {
      named.add(existing(column));
    }
    String changed = TimeTruncation.changed(schema().toString(), named, truncating);
    return new Contract(terms.withSchema(LegalSchema.parse(changed)));
  }

  /**
   * Sets what happens to rows that violate the contract. Default: {@code REJECT}.
   *
   * @param policy not null
   */
  public Contract onViolation(OnViolation policy) {
    return new Contract(terms.withOnViolation(argument("policy", policy)));
  }

  /**
   * Sets the greatest share of a publish's rows that can be quarantined. A publish above it is
   * rejected. Default: 10.
   *
   * @param percent 0 to 100
   */
  public Contract maxQuarantineShare(double percent) {
    if (!(percent >= 0 && percent <= 100)) {
      throw invalid("maxQuarantineShare is " + percent, "Use 0 to 100 percent.");
    }
    return new Contract(terms.withMaxQuarantineShare(percent));
  }

  /**
   * Sets the columns that identify a row. No two rows of a major version have the same values in
   * all of them, across all publishes. Data files have Bloom filters on these columns. Replaces an
   * earlier primary key.
   *
   * @param columns required columns of a primitive type other than float and double, also in
   *     required structs, as {@code customer.id}
   * @throws InvalidRequestException CONTRACT_INVALID with every column that cannot be part of a key
   */
  public Contract primaryKey(String... columns) {
    List<String> key = new ArrayList<>();
    for (String column : argument("columns", columns)) {
      key.add(argument("column", column));
    }
    if (key.isEmpty()) {
      throw invalid("the primary key has no column", "Use at least one column.");
    }
    return new Contract(terms.withPrimaryKey(key)).checked(List.of());
  }

  /**
   * Returns what changes from this contract to another, and whether that is a patch, a minor, or a
   * major version. Its {@code toString()} is a changelog.
   *
   * @param other the later contract; not null
   */
  public ContractDifference differenceTo(Contract other) {
    return ContractDifference.between(this, argument("other", other));
  }

  /**
   * Returns true if another contract has the same meaning: it is equal, or has {@link
   * #truncateExcessPrecision} where this one states nothing about finer times, or the reverse.
   *
   * @param other not null
   */
  public boolean isEquivalentTo(Contract other) {
    return equals(other) || rejectExcessPrecision().equals(other.rejectExcessPrecision());
  }

  /** Returns the columns as an Avro record schema; do not modify it. */
  public Schema schema() {
    return terms.schema();
  }

  /** Returns the rules, in the order in which they were added. */
  public List<Rule> rules() {
    return terms.rules();
  }

  /** Returns the columns of the primary key, in order; empty without one. */
  public List<String> primaryKey() {
    return terms.primaryKey();
  }

  /**
   * Returns the rules that each publish is checked against: {@link #rules()} and, if there is a
   * primary key, its rule with the ID {@value #PRIMARY_KEY} at the end.
   */
  public List<Rule> enforcedRules() {
    if (terms.primaryKey().isEmpty()) {
      return terms.rules();
    }
    List<Rule> all = new ArrayList<>(terms.rules());
    all.add(
        Rule.unique(terms.primaryKey().toArray(new String[0]))
            .scope(Rule.Scope.TABLE)
            .id(PRIMARY_KEY));
    return List.copyOf(all);
  }

  /** Returns what happens to rows that violate the contract. */
  public OnViolation onViolation() {
    return terms.onViolation();
  }

  /** Returns what the product is for; empty if not set. */
  public String description() {
    return terms.description();
  }

  /** Returns the descriptions of columns by name; columns without one are left out. */
  public Map<String, String> columnDescriptions() {
    return terms.columnDescriptions();
  }

  /** Returns how sensitive the product is. */
  public Classification classification() {
    return terms.classification();
  }

  /**
   * Returns how sensitive a column is: the higher of the column's and the product's classification.
   *
   * @param column the name of a top-level column
   * @throws InvalidRequestException CONTRACT_INVALID if the column does not exist
   */
  public Classification classificationOf(String column) {
    Classification own = terms.columnClassifications().get(existing(column));
    Classification whole = terms.classification();
    return own == null || own.compareTo(whole) < 0 ? whole : own;
  }

  /** Returns the greatest age of the product's data; empty if not set. */
  public Optional<Duration> freshWithin() {
    return terms.serviceLevel().freshWithin();
  }

  /** Returns what the product promises about the delivery of its data. */
  public ServiceLevel serviceLevel() {
    return terms.serviceLevel();
  }

  /** Returns the purposes for which the product may be read, sorted; empty for any. */
  public Set<String> purposes() {
    return terms.purposes();
  }

  /**
   * Returns true if the product may be read for a purpose.
   *
   * @param purpose not null; its case and surrounding white space do not matter
   */
  public boolean allowsPurpose(String purpose) {
    return terms.purposes().isEmpty()
        || terms.purposes().contains(argument("purpose", purpose).strip());
  }

  /**
   * Returns true if this contract allows a purpose that another one does not.
   *
   * @param other not null
   */
  public boolean allowsMorePurposesThan(Contract other) {
    return PurposeList.isWider(argument("other", other).purposes(), purposes());
  }

  /** Returns how the data is meant to be used; empty if not set. */
  public String usage() {
    return terms.information().usage();
  }

  /** Returns what the data cannot be used for; empty if not set. */
  public String limitations() {
    return terms.information().limitations();
  }

  /** Returns where to ask about the product and where its notices go, in the order given. */
  public List<Contact> contacts() {
    return terms.information().contacts();
  }

  /** Returns where the code that creates the product is; empty if not set. */
  public String repository() {
    return terms.information().repository();
  }

  /** Returns what the use of the product costs; empty if not set. */
  public Optional<Price> price() {
    return terms.information().price();
  }

  /** Returns how long before retirement consumers are notified. */
  public Period noticePeriod() {
    return terms.noticePeriod();
  }

  /** Returns which readers later versions of the same major version must not break. */
  public Compatibility compatibility() {
    return terms.compatibility();
  }

  /** Returns the engines that read the files of the product; empty if unknown. */
  public Set<Engine> readers() {
    return terms.readers();
  }

  /** Returns true if a request for access requires two approvals. */
  public boolean requiresFourEyes() {
    return terms.fourEyes();
  }

  /** Returns the greatest share of a publish's rows that can be quarantined, in percent. */
  public double maxQuarantineShare() {
    return terms.maxQuarantineShare();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Contract contract && toJson().equals(contract.toJson());
  }

  @Override
  public int hashCode() {
    return toJson().hashCode();
  }

  /** Returns the canonical JSON. */
  @Override
  public String toString() {
    return toJson();
  }

  ContractTerms terms() {
    return terms;
  }

  /** Checks this contract; rules that are not new may have constants that no enum has. */
  private Contract checked(List<Rule> newRules) {
    PrimaryKeyCheck.check(terms.primaryKey(), terms.rules(), terms.schema());
    RuleCheck.check(terms.rules(), newRules, terms.schema());
    EventTimeCheck.check(terms.serviceLevel(), terms.rules(), terms.schema());
    return this;
  }

  private String existing(String column) {
    if (column == null || schema().getField(column) == null) {
      throw invalid(
          "column '" + NameGrammar.quoted(String.valueOf(column)) + "' does not exist",
          columnHint(schema(), String.valueOf(column)));
    }
    return column;
  }

  /** The columns, and which of them a misspelled name may mean. */
  static String columnHint(Schema schema, String column) {
    return NearestName.question(
            List.of(column), schema.getFields().stream().map(Schema.Field::name).toList())
        + "The columns are "
        + RuleCheck.columnNames(schema)
        + ".";
  }

  private static String line(String name, @Nullable String value) {
    String text = text(name, value).strip();
    if (text.isEmpty()
        || text.length() > MAX_LINE
        || text.lines().count() > 1
        || ArgumentChecks.hiddenCharacter(text).isPresent()) {
      throw invalid(
          "the "
              + name
              + " is empty, or has several lines, hidden characters, or more than "
              + MAX_LINE
              + " characters",
          "Use one short line.");
    }
    return text;
  }

  static <T> T argument(String name, @Nullable T value) {
    if (value == null) {
      throw Failure.of(CREATION)
          .because("argument '" + name + "' is null")
          .fix("Pass a value.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
    return value;
  }

  private static String text(String name, @Nullable String value) {
    return ArgumentChecks.wellFormed(name, argument(name, value));
  }

  static InvalidRequestException invalid(String reason, String fix) {
    return Failure.of(CREATION).because(reason).fix(fix).invalidRequest(ErrorCode.CONTRACT_INVALID);
  }

  static InvalidRequestException unreadable(Path file, String reason) {
    return Failure.of(MeshAction.of(Verb.READ, "the columns of file " + file.getFileName()))
        .because(reason)
        .fix("Use a readable file.")
        .invalidRequest(ErrorCode.SOURCE_UNREADABLE);
  }
}
