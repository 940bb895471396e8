package io.meshwork.odcs;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.naming.NameGrammar;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A contract that is inferred from a data file, with the evidence of each guess. A person reads and
 * edits it, as Java or as a YAML document of the Open Data Contract Standard 3.1. A proposal never
 * changes a mesh. Do not define a product from a proposal in a job: each file would promise
 * something else.
 *
 * <p>A column without nulls is required. Every rule that is inferred from values (sets, ranges,
 * lengths, patterns, keys) only warns: remove {@code warn()} where the rule is a promise. All rows
 * are read, in bounded memory: distinct values are counted up to about a million over all columns,
 * sets have up to 20 values, and a key of two or three columns is searched in the first 100,000
 * rows of the first 24 columns. The evidence states where a limit applied.
 *
 * <p>Evidence, Java, and YAML show values of the data; {@link #toString} and error messages do not.
 * Immutable.
 */
public final class ContractProposal {
  private static final int SIGNATURE = 4;
  private static final int SNIFFED = 64 << 10;

  /**
   * One fact about the data.
   *
   * @param column its path, such as {@code address.zip}, {@code lines[].quantity}, or {@code
   *     tags{}} for the values of a map; several with commas; empty for the rows as such
   * @param about what it is about: name, type, nulls, distinct, values, range, digits, nan, length,
   *     pattern, key, rules
   * @param fact what was found, with counts and values of the data
   */
  public record Evidence(String column, String about, String fact) {
    /** For a comment beside its column. */
    String inWords() {
      return switch (about) {
        case "nulls", "distinct", "name", "type", "digits", "pattern", "nan", "rules" -> fact;
        case "key" -> column.isEmpty() ? "key: " + fact : "key (" + column + "): " + fact;
        default -> about + " " + fact;
      };
    }

    /** Without the fact, which holds values. */
    @Override
    public String toString() {
      return column.isEmpty() ? about : column + ": " + about;
    }
  }

  private final String source;
  private final long rows;
  private final Schema schema;
  private final List<ColumnGuesses.Proposed> rules;
  private final List<Evidence> evidence;

  private ContractProposal(String source, Schema schema, SourceProfile observed) {
    this.source = source;
    this.schema = schema;
    this.rows = observed.count();
    ColumnGuesses guesses = new ColumnGuesses(observed);
    guesses.inspect(schema);
    this.rules = List.copyOf(guesses.rules());
    this.evidence = List.copyOf(guesses.evidence());
  }

  /**
   * Reads a Parquet, CSV or JSON file. The first bytes decide which, otherwise the extension
   * ({@code .csv}, {@code .tsv}, {@code .json}, {@code .jsonl}, {@code .ndjson}). The first line of
   * a CSV file has the names of the columns; the separator is the one that it has most often:
   * comma, semicolon, tab or vertical bar.
   *
   * @throws InvalidRequestException SOURCE_UNREADABLE if the file cannot be read, INVALID_ARGUMENT
   *     if it has another format, SCHEMA_UNSUPPORTED or LIMIT_EXCEEDED if a contract cannot have
   *     its columns
   * @throws io.meshwork.error.ContractViolationException FILE_MALFORMED, with the place in the file
   */
  public static ContractProposal from(Path file) {
    byte[] start = start(file);
    String name = name(file).toLowerCase(Locale.ROOT);
    if (begins(start, 'P', 'A', 'R', '1') || name.endsWith(".parquet")) {
      return fromParquet(file);
    }
    if (begins(start, 'O', 'b', 'j', 1)
        || begins(start, 0x1f, 0x8b)
        || begins(start, 'O', 'R', 'C')) {
      throw BadSource.wrongCall(
          name(file),
          "it is an Avro, gzip or ORC file by its first bytes",
          "Give Parquet, CSV or JSON; unpack it before.");
    }
    if (name.endsWith(".json") || name.endsWith(".jsonl") || name.endsWith(".ndjson")) {
      return fromJson(file);
    }
    if (name.endsWith(".csv") || name.endsWith(".tsv")) {
      return fromCsv(file, CsvSeparators.guess(start));
    }
    throw BadSource.wrongCall(
        name(file),
        "neither its first bytes nor the end of its name say what it is",
        "Say it by fromCsv, fromJson or fromParquet.");
  }

  /**
   * Reads a Parquet file, which contains its types. A column that is optional in the file is
   * required if it has no null.
   *
   * @throws InvalidRequestException SOURCE_UNREADABLE or SCHEMA_UNSUPPORTED
   * @throws io.meshwork.error.ContractViolationException FILE_MALFORMED
   */
  public static ContractProposal fromParquet(Path file) {
    Schema said = Contract.fromParquet(file).schema();
    SourceProfile observed = ParquetSource.read(file, name(file));
    TypeNames names = new TypeNames();
    return new ContractProposal(
        name(file),
        new SchemaTightening(names).record(names.ofRows(name(file)), said, observed.rows()),
        observed);
  }

  /**
   * Reads a CSV file. Whole numbers become long, numbers with a fraction decimal. Dates, times and
   * timestamps are recognized by their ISO 8601 form. Digits with a leading zero stay text, and so
   * does a column in which one value has another type.
   *
   * @throws InvalidRequestException SOURCE_UNREADABLE, SCHEMA_UNSUPPORTED or LIMIT_EXCEEDED
   * @throws io.meshwork.error.ContractViolationException FILE_MALFORMED if the file is empty, has
   *     no header, a duplicate column name, a row with another number of cells, or a quote that is
   *     not closed, or if it is not UTF-8
   */
  public static ContractProposal fromCsv(Path file, CsvFormat format) {
    argument("format", format);
    try (InputStream in = open(file)) {
      return guessed(CsvSource.read(in, format, name(file)), name(file));
    } catch (IOException e) {
      throw BadSource.unreadable(name(file), e.getClass().getSimpleName());
    }
  }

  /**
   * Reads CSV from a stream, to its end, like {@link #fromCsv(Path, CsvFormat)}. The caller closes
   * the stream.
   *
   * @param in UTF-8
   */
  public static ContractProposal fromCsv(InputStream in, CsvFormat format) {
    argument("format", format);
    String source = "a stream of CSV";
    return guessed(CsvSource.read(argument("in", in), format, source), source);
  }

  /**
   * Reads a file of JSON objects, one per line or all in one array. Nested objects become records,
   * or maps if they have more than 200 names; arrays become lists. Whole numbers become long, other
   * numbers double. Texts become dates, times, timestamps or UUIDs if all texts of the column are.
   *
   * @throws InvalidRequestException SOURCE_UNREADABLE, SCHEMA_UNSUPPORTED or LIMIT_EXCEEDED
   * @throws io.meshwork.error.ContractViolationException FILE_MALFORMED, with line and column
   */
  public static ContractProposal fromJson(Path file) {
    try (InputStream in = open(file)) {
      return guessed(JsonSource.read(in, name(file)), name(file));
    } catch (IOException e) {
      throw BadSource.unreadable(name(file), e.getClass().getSimpleName());
    }
  }

  /** Reads JSON from a stream, to its end, like {@link #fromJson(Path)}, and closes the stream. */
  public static ContractProposal fromJson(InputStream in) {
    String source = "a stream of JSON";
    return guessed(JsonSource.read(argument("in", in), source), source);
  }

  private static ContractProposal guessed(SourceProfile observed, String source) {
    TypeNames names = new TypeNames();
    String name = source.startsWith("a stream of ") ? "Row" : source;
    return new ContractProposal(
        source,
        new SchemaGuess(names, source).record(names.ofRows(name), observed.rows(), ""),
        observed);
  }

  /**
   * The contract that {@link #asJava} prints.
   *
   * @throws InvalidRequestException SCHEMA_UNSUPPORTED or LIMIT_EXCEEDED if a contract cannot have
   *     the columns
   */
  public Contract contract() {
    return Contract.of(schema)
        .truncatingTimes()
        .require(rules.stream().map(ColumnGuesses.Proposed::rule).toArray(Rule[]::new));
  }

  /** The facts of all columns, in their order, then those about whole rows. Unmodifiable. */
  public List<Evidence> evidence() {
    return evidence;
  }

  /** The facts about one column or one place in it, such as {@code address.zip}. */
  public List<Evidence> evidence(String column) {
    return evidence.stream().filter(each -> each.column().equals(column)).toList();
  }

  /** The number of rows in the file. All were read. */
  public long rows() {
    return rows;
  }

  /**
   * A Java file with a record and its contract. The evidence of a column is the Javadoc of its
   * record component. Columns that a record cannot have, by type or number, are an Avro schema.
   */
  public String asJava() {
    return new JavaText(source, rows, schema, rules, evidence).text();
  }

  /**
   * A draft of an ODCS 3.1 document in YAML, with the evidence as comments. Add an owner, service
   * levels and the domain.
   */
  public String asYaml() {
    return new OdcsText(source, rows, schema, rules, evidence).text();
  }

  /** The file and the numbers of columns, rules and rows, without a value of the data. */
  @Override
  public String toString() {
    return "ContractProposal of "
        + NameGrammar.quoted(source)
        + ": "
        + schema.getFields().size()
        + " columns and "
        + rules.size()
        + " rules from "
        + rows
        + " rows";
  }

  private static InputStream open(Path file) throws IOException {
    if (!Files.isRegularFile(argument("file", file)) || !Files.isReadable(file)) {
      throw BadSource.unreadable(name(file), "there is no such readable file");
    }
    return Files.newInputStream(file);
  }

  private static byte[] start(Path file) {
    try (InputStream in = open(file)) {
      byte[] start = in.readNBytes(SNIFFED);
      if (start.length == 0) {
        throw BadSource.malformed(name(file), "it is empty", "Give a file with some rows.");
      }
      return start;
    } catch (IOException e) {
      throw BadSource.unreadable(name(file), e.getClass().getSimpleName());
    }
  }

  private static boolean begins(byte[] start, int... bytes) {
    byte[] wanted = new byte[Math.min(bytes.length, SIGNATURE)];
    for (int i = 0; i < wanted.length; i++) {
      wanted[i] = (byte) bytes[i];
    }
    return start.length >= wanted.length
        && Arrays.equals(start, 0, wanted.length, wanted, 0, wanted.length);
  }

  private static String name(Path file) {
    Path name = file.getFileName();
    return name == null ? file.toString() : name.toString();
  }

  private static <T> T argument(String name, @Nullable T value) {
    if (value == null) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot propose a contract: argument '" + name + "' is null. Give a value.");
    }
    return value;
  }
}
