package io.meshwork.contract;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.schema.LegalSchema;
import io.meshwork.product.Classification;
import io.meshwork.product.Names;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Period;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What a producer promises about a product: schema, rules, terms. An immutable value; every detail
 * returns a new contract. It holds no version: the mesh gives one when it is put in force. Equal
 * contracts have equal canonical JSON. Thread-safe.
 */
public final class Contract {
  /** Share of a publish's rows that may be quarantined, in percent, unless said otherwise. */
  public static final double DEFAULT_MAX_QUARANTINE_SHARE = 10;

  /** The id of the rule that a primary key stands for. */
  public static final String PRIMARY_KEY = "primaryKey";

  /** Longest schema file that is read, in bytes. */
  private static final long MAX_SCHEMA_BYTES = 16 << 20;

  private final ContractTerms terms;

  Contract(ContractTerms terms) {
    this.terms = terms;
  }

  /**
   * The columns of a Java record, in the order of its components. Nullable are {@code Optional} and
   * boxed components (Integer, Long, Short, Byte, Float, Double, Boolean). Required are primitives
   * and every other reference: String, CharSequence, BigDecimal (with {@code @Column(precision,
   * scale)}), LocalDate, LocalTime, LocalDateTime, Instant, UUID, byte[], ByteBuffer and enums;
   * wrap them in {@code Optional} to allow null. Short and byte become int. Records, {@code List},
   * {@code Collection}, arrays and {@code Map<String, V>} hold any of these and each other. What a
   * list or map holds is required, boxed or not, unless it is {@code Optional}; its decimals have
   * the size that {@code @Column} says on the component.
   *
   * @throws InvalidRequestException SCHEMA_UNSUPPORTED naming each place that no column stands for,
   *     such as {@code lines[].quantity}, and each record that holds itself; LIMIT_EXCEEDED above
   *     32 levels or 10,000 leaf columns
   */
  public static Contract of(Class<?> recordType) {
    return of(RecordColumns.schema(recordType));
  }

  /**
   * The columns of an Avro record.
   *
   * @throws InvalidRequestException SCHEMA_UNSUPPORTED naming every path that is not legal;
   *     LIMIT_EXCEEDED above 32 levels or 10,000 leaf columns
   */
  public static Contract of(Schema schema) {
    LegalSchema.check(schema, LegalSchema.NEWEST_FORMAT);
    return new Contract(ContractTerms.of(LegalSchema.parse(schema.toString())));
  }

  /**
   * The columns of an Avro schema file ({@code .avsc}).
   *
   * @throws InvalidRequestException SOURCE_UNREADABLE if the file cannot be read,
   *     SCHEMA_UNSUPPORTED naming every path that is not legal, LIMIT_EXCEEDED above 32 levels or
   *     10,000 leaf columns
   */
  public static Contract fromAvro(Path file) {
    String text;
    try {
      if (Files.size(file) > MAX_SCHEMA_BYTES) {
        throw unreadable(file, "it is longer than " + MAX_SCHEMA_BYTES + " bytes");
      }
      text = Files.readString(file);
    } catch (IOException e) {
      throw unreadable(file, e.getClass().getSimpleName());
    }
    return fromAvroText(text);
  }

  /**
   * The columns of a Parquet file, read from its footer; no rules. Columns that the file calls
   * optional are nullable.
   *
   * @throws InvalidRequestException SOURCE_UNREADABLE if the file cannot be read,
   *     SCHEMA_UNSUPPORTED naming every column that a contract cannot promise
   * @throws io.meshwork.error.ContractViolationException FILE_MALFORMED if it is no Parquet file
   */
  public static Contract fromParquet(Path file) {
    return ParquetColumns.contract(argument("file", file));
  }

  static Contract fromAvroText(String text) {
    LegalSchema.check(text, LegalSchema.NEWEST_FORMAT);
    return new Contract(ContractTerms.of(LegalSchema.parse(text)));
  }

  /** The columns of a table's or file's schema; no rules. */
  static Contract fromIceberg(org.apache.iceberg.Schema schema, String recordName) {
    return of(IcebergSchemas.toAvro(schema, recordName));
  }

  /**
   * Reads what {@link #toJson} wrote. Fields that this version does not know are kept.
   *
   * @throws InvalidRequestException CONTRACT_INVALID, RULE_INVALID, SCHEMA_UNSUPPORTED or
   *     LIMIT_EXCEEDED
   */
  public static Contract fromJson(String json) {
    return new Contract(ContractJson.read(json)).checked();
  }

  /** Everything the contract says as canonical JSON: sorted keys, unknown fields included. */
  public String toJson() {
    return ContractJson.write(terms);
  }

  /** SHA-256 of the canonical JSON, as 64 hexadecimal digits. */
  public String fingerprint() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(toJson().getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /**
   * Adds rules. To change one that is there, say {@link #replacing}.
   *
   * @throws InvalidRequestException CONTRACT_INVALID with every rule that does not fit the schema
   */
  public Contract require(Rule... rules) {
    List<Rule> all = new ArrayList<>(terms.rules());
    for (Rule rule : rules) {
      all.add(argument("rule", rule));
    }
    return new Contract(terms.withRules(all)).checked();
  }

  /**
   * Puts a rule in the place of the one that has its id, such as {@code between("amount", 0, 50)}
   * in that of {@code between("amount", 0, 100)}: both are {@code between.amount} unless {@link
   * Rule#id(String)} said otherwise.
   *
   * @throws InvalidRequestException CONTRACT_INVALID if no rule has the id, with the nearest one,
   *     or if the rule does not fit the schema
   */
  public Contract replacing(Rule rule) {
    return new Contract(terms.withRules(RulesById.replaced(rules(), argument("rule", rule))))
        .checked();
  }

  /**
   * Takes a rule away.
   *
   * @param id its id, such as {@code between.amount}; see {@link Rule#id()}
   * @throws InvalidRequestException CONTRACT_INVALID if no rule has the id, with the nearest one
   */
  public Contract withoutRule(String id) {
    return new Contract(terms.withRules(RulesById.without(rules(), argument("id", id))));
  }

  /** Says what the product is for. */
  public Contract describedAs(String purpose) {
    return new Contract(terms.withDescription(argument("purpose", purpose)));
  }

  /** Documents one column; shown on the product's card. */
  public Contract column(String column, String description) {
    Map<String, String> all = new TreeMap<>(terms.columnDescriptions());
    all.put(existing(column), argument("description", description));
    return new Contract(terms.withColumnDescriptions(all));
  }

  /** Sets how sensitive the product is; a column counts as the higher of both. */
  public Contract classified(Classification classification) {
    return new Contract(terms.withClassification(argument("classification", classification)));
  }

  /** Sets how sensitive some columns are; a column counts as the higher of this and the product. */
  public Contract classified(Classification classification, String... columns) {
    Map<String, Classification> all = new TreeMap<>(terms.columnClassifications());
    for (String column : columns) {
      all.put(existing(column), argument("classification", classification));
    }
    return new Contract(terms.withColumnClassifications(all));
  }

  /** Promises that the product is no older than this. */
  public Contract freshWithin(Duration duration) {
    if (argument("duration", duration).isNegative() || duration.isZero()) {
      throw invalid("freshWithin is not positive", "Give a positive duration.");
    }
    return new Contract(terms.withFreshWithin(duration));
  }

  /** How long before retirement a consumer is told, in whole days. Default 30 days. */
  public Contract noticePeriod(Duration duration) {
    if (!argument("duration", duration).equals(Duration.ofDays(duration.toDays()))) {
      throw invalid("noticePeriod is no whole number of days", "Give whole days.");
    }
    return noticePeriod(Period.ofDays(Math.toIntExact(duration.toDays())));
  }

  /** How long before retirement a consumer is told. Default 30 days. */
  public Contract noticePeriod(Period period) {
    if (argument("period", period).isNegative()) {
      throw invalid("noticePeriod is negative", "Give zero days or more.");
    }
    return new Contract(terms.withNoticePeriod(period));
  }

  /**
   * Whom later versions of the same major must not break. Default {@code FULL_TRANSITIVE}; a weaker
   * mode is for products without subscriptions.
   */
  public Contract compatibility(Compatibility mode) {
    return new Contract(terms.withCompatibility(argument("mode", mode)));
  }

  /**
   * Asks for four eyes: a request for access is granted once two principals of the owner approved
   * it. Grants without a request need no second person.
   */
  public Contract fourEyes() {
    return new Contract(terms.withFourEyes(true));
  }

  /** One approval suffices, as it does unless said otherwise. */
  public Contract withoutFourEyes() {
    return new Contract(terms.withFourEyes(false));
  }

  /** What happens to bad rows. Default {@code REJECT}. */
  public Contract onViolation(OnViolation policy) {
    return new Contract(terms.withOnViolation(argument("policy", policy)));
  }

  /** Quarantines at most this share of one publish, in percent; more refuses it. Default 10. */
  public Contract maxQuarantineShare(double percent) {
    if (!(percent >= 0 && percent <= 100)) {
      throw invalid("maxQuarantineShare is " + percent, "Give 0 to 100 percent.");
    }
    return new Contract(terms.withMaxQuarantineShare(percent));
  }

  /**
   * Says which columns tell one row of the product from another. No two rows of a major have the
   * same values in all of them, whatever publishes they came with; data files carry bloom filters
   * on them. Takes the place of a key that was said before.
   *
   * @param columns required columns of a simple type that is not float or double; within required
   *     structs as {@code customer.id}
   * @throws InvalidRequestException CONTRACT_INVALID with every column that cannot be part of a key
   */
  public Contract primaryKey(String... columns) {
    List<String> key = new ArrayList<>();
    for (String column : argument("columns", columns)) {
      key.add(argument("column", column));
    }
    if (key.isEmpty()) {
      throw invalid("the primary key names no column", "Name at least one.");
    }
    return new Contract(terms.withPrimaryKey(key)).checked();
  }

  /**
   * What changed from this contract to another, and whether that makes a patch, a minor or a new
   * major. {@code toString()} of the answer reads like a changelog.
   */
  public Difference differenceTo(Contract other) {
    return Difference.between(this, argument("other", other));
  }

  /** The columns as an Avro record; not to be changed. */
  public Schema schema() {
    return terms.schema();
  }

  /** The rules, in the order they were added. */
  public List<Rule> rules() {
    return terms.rules();
  }

  /** The columns of the primary key, in the order they were named; empty if there is none. */
  public List<String> primaryKey() {
    return terms.primaryKey();
  }

  /**
   * What each publish is checked against: the rules, and behind them that of the primary key, whose
   * id is {@value #PRIMARY_KEY}, if there is one.
   */
  public List<Rule> enforced() {
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

  /** What happens to bad rows. */
  public OnViolation onViolation() {
    return terms.onViolation();
  }

  /** What the product is for; empty if not said. */
  public String description() {
    return terms.description();
  }

  /** What columns mean, by name; those without a description are left out. */
  public Map<String, String> columnDescriptions() {
    return terms.columnDescriptions();
  }

  /** How sensitive the product is. */
  public Classification classification() {
    return terms.classification();
  }

  /** How sensitive a column is: the higher of its own and the product's. */
  public Classification classificationOf(String column) {
    Classification own = terms.columnClassifications().get(existing(column));
    Classification whole = terms.classification();
    return own == null || own.compareTo(whole) < 0 ? whole : own;
  }

  /** How old the product may be; empty if not promised. */
  public Optional<Duration> freshWithin() {
    return Optional.ofNullable(terms.freshWithin());
  }

  /** How long before retirement a consumer is told. */
  public Period noticePeriod() {
    return terms.noticePeriod();
  }

  /** Whom later versions of the same major must not break. */
  public Compatibility compatibility() {
    return terms.compatibility();
  }

  /** True if a request for access takes two approvals. */
  public boolean needsFourEyes() {
    return terms.fourEyes();
  }

  /** The share of one publish that may be quarantined, in percent. */
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

  /** The canonical JSON. */
  @Override
  public String toString() {
    return toJson();
  }

  ContractTerms terms() {
    return terms;
  }

  private Contract checked() {
    PrimaryKeyCheck.check(terms.primaryKey(), terms.rules(), terms.schema());
    RuleCheck.check(terms.rules(), terms.schema());
    return this;
  }

  private String existing(String column) {
    if (column == null || schema().getField(column) == null) {
      throw invalid(
          "there is no column '" + Names.shown(String.valueOf(column)) + "'",
          "There are " + RuleCheck.names(schema()) + ".");
    }
    return column;
  }

  private static <T> T argument(String name, @Nullable T value) {
    if (value == null) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot put the contract together: argument '" + name + "' is null. Give a value.");
    }
    return value;
  }

  static InvalidRequestException invalid(String why, String mend) {
    return new InvalidRequestException(
        ErrorCode.CONTRACT_INVALID, "Cannot put the contract together: " + why + ". " + mend);
  }

  static InvalidRequestException unreadable(Path file, String why) {
    return new InvalidRequestException(
        ErrorCode.SOURCE_UNREADABLE,
        "Cannot read columns from the file "
            + file.getFileName()
            + ": "
            + why
            + ". Nothing was changed. Give a file that can be read.");
  }
}
