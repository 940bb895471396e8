package io.meshwork.proposal;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.product.Names;
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
 * A contract guessed from data, with the evidence of each guess: for a person to read, mend and
 * keep, as Java or as YAML. Nothing is put in force from here; a job that defined its product from
 * a guess would promise something else with each file.
 *
 * <p>A column without nulls is required. Everything that was read off values — sets, ranges,
 * lengths, patterns, keys — is a rule that only warns: take {@code warn()} away where it is a
 * promise. All rows are read; memory does not grow with them: distinct values are counted up to
 * about a million in all columns together, sets are kept up to 20 values, and a key of two or three
 * columns is looked for in the first 100,000 rows of the first 24 columns, which its evidence says.
 *
 * <p>Evidence and texts show values of the data; {@link #toString} and messages of errors show
 * none. Immutable.
 */
public final class ContractProposal {
  private static final int SIGNATURE = 4;
  private static final int SNIFFED = 64 << 10;

  /**
   * One thing found.
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
  private final List<Guesses.Proposed> rules;
  private final List<Evidence> evidence;

  private ContractProposal(String source, Schema schema, Observed observed) {
    this.source = source;
    this.schema = schema;
    this.rows = observed.count();
    Guesses guesses = new Guesses(observed);
    guesses.look(schema);
    this.rules = List.copyOf(guesses.rules());
    this.evidence = List.copyOf(guesses.evidence());
  }

  /**
   * Reads a Parquet, CSV or JSON file, whichever it is: by its first bytes, else by its name's end
   * ({@code .csv}, {@code .tsv}, {@code .json}, {@code .jsonl}, {@code .ndjson}). Of a CSV file the
   * first line says the names of the columns and what separates them: commas, semicolons, tabs or
   * bars.
   *
   * @throws InvalidRequestException SOURCE_UNREADABLE if it cannot be read, INVALID_ARGUMENT if it
   *     is none of these, SCHEMA_UNSUPPORTED or LIMIT_EXCEEDED if no contract can promise its
   *     columns
   * @throws io.meshwork.error.ContractViolationException FILE_MALFORMED, with the place
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
      return fromCsv(file, Separators.guess(start));
    }
    throw BadSource.wrongCall(
        name(file),
        "neither its first bytes nor the end of its name say what it is",
        "Say it by fromCsv, fromJson or fromParquet.");
  }

  /**
   * Reads a Parquet file, which says its types itself. A column that the file calls optional is
   * required if it has no null.
   *
   * @throws InvalidRequestException SOURCE_UNREADABLE or SCHEMA_UNSUPPORTED
   * @throws io.meshwork.error.ContractViolationException FILE_MALFORMED
   */
  public static ContractProposal fromParquet(Path file) {
    Schema said = Contract.fromParquet(file).schema();
    Observed observed = ParquetSource.read(file, name(file));
    TypeNames names = new TypeNames();
    return new ContractProposal(
        name(file),
        new SchemaTightening(names).record(names.ofRows(name(file)), said, observed.rows()),
        observed);
  }

  /**
   * Reads a CSV file. Whole numbers become long, numbers with a fraction decimal; dates, times and
   * timestamps are known by their ISO 8601 form; digits that begin with a zero stay text, and so
   * does a column of which one value is something else.
   *
   * @throws InvalidRequestException SOURCE_UNREADABLE, SCHEMA_UNSUPPORTED or LIMIT_EXCEEDED
   * @throws io.meshwork.error.ContractViolationException FILE_MALFORMED: it is empty, has no header
   *     or a name twice, a row of another length, an open quote, or is no UTF-8 text
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
   * The same from a stream, to its end. The caller closes it.
   *
   * @param in UTF-8
   */
  public static ContractProposal fromCsv(InputStream in, CsvFormat format) {
    argument("format", format);
    String source = "a stream of CSV";
    return guessed(CsvSource.read(argument("in", in), format, source), source);
  }

  /**
   * Reads a file of JSON objects, one a line or all in one array. Objects inside of them become
   * records, or maps where their names are more than 200; arrays become lists. Whole numbers become
   * long, other numbers double; texts are dates, times, timestamps or uuids if all of a column are.
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

  /** The same from a stream, to its end, which closes it. */
  public static ContractProposal fromJson(InputStream in) {
    String source = "a stream of JSON";
    return guessed(JsonSource.read(argument("in", in), source), source);
  }

  private static ContractProposal guessed(Observed observed, String source) {
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
   * @throws InvalidRequestException SCHEMA_UNSUPPORTED or LIMIT_EXCEEDED if a contract cannot
   *     promise the columns
   */
  public Contract contract() {
    return Contract.of(schema)
        .require(rules.stream().map(Guesses.Proposed::rule).toArray(Rule[]::new));
  }

  /** What was found, column by column in their order, then of the rows as such. Unmodifiable. */
  public List<Evidence> evidence() {
    return evidence;
  }

  /** What was found about one column or place in it. */
  public List<Evidence> evidence(String column) {
    return evidence.stream().filter(each -> each.column().equals(column)).toList();
  }

  /** How many rows were read: all. */
  public long rows() {
    return rows;
  }

  /**
   * A Java file with a record and its contract, the evidence as comments. Columns that no record
   * has a type for, and more than a record can have, are given as an Avro schema.
   */
  public String asJava() {
    return new JavaText(source, rows, schema, rules, evidence).text();
  }

  /**
   * A draft of an ODCS 3.1 document in YAML, the evidence as comments. It has no owner, service
   * level or domain yet.
   */
  public String asYaml() {
    return new OdcsText(source, rows, schema, rules, evidence).text();
  }

  /** Where it is from and how much it says, without a value of the data. */
  @Override
  public String toString() {
    return "ContractProposal of "
        + Names.shown(source)
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
