package io.meshwork.odcs;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.disk.SourceFile;
import io.meshwork.internal.ingest.file.FileNames;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.schema.PhysicalName;
import io.meshwork.internal.schema.TextFormat;
import io.meshwork.odcs.internal.profile.CsvSource;
import io.meshwork.odcs.internal.profile.JsonSource;
import io.meshwork.odcs.internal.profile.NullabilityInference;
import io.meshwork.odcs.internal.profile.ParquetSource;
import io.meshwork.odcs.internal.profile.SchemaInference;
import io.meshwork.odcs.internal.profile.SourceErrors;
import io.meshwork.odcs.internal.profile.SourceProfile;
import io.meshwork.odcs.internal.profile.TypeNames;
import io.meshwork.product.Classification;
import io.meshwork.publish.Publish.FileFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Year;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A contract that is inferred from a data file, with the evidence for each guess. A person reads
 * and edits it, as Java or as a YAML document of the Open Data Contract Standard 3.1. A proposal
 * never changes a mesh. Do not define a product from a proposal in a job: each file would promise
 * something else.
 *
 * <p>A column without nulls is required. Rules are proposed for what strings and keys have in
 * common: few frequent values, one length, a pattern, uniqueness. They only warn: remove {@code
 * warn()} where the rule is a promise. Ranges of numbers and times are evidence and no rule,
 * because the next file has others. All rows are read, in bounded memory: distinct values are
 * counted up to about a million over all columns, sets have up to 20 values, and a key of two or
 * three columns is searched in the first 100,000 rows of the first 24 columns. The evidence states
 * where a limit applied.
 *
 * <p>Evidence, Java, and YAML show values of the data; {@link #toString} and error messages do not.
 * Immutable.
 */
public final class ContractProposal {
  private static final String PACKED = ".gz";
  private static final int SIGNATURE = 4;
  private static final String ROWS_OF_STREAM = "Row";
  private static final int PREFIX_BYTES = 64 << 10;

  /**
   * One fact about the data.
   *
   * @param column its path, such as {@code address.zip}, {@code lines[].quantity}, or {@code
   *     tags{}} for the values of a map; several with commas; empty for the rows as such
   * @param about what it is about: name, form, confidential, type, nulls, distinct, values, range,
   *     digits, nan, length, pattern, key, rules
   * @param fact what was found, with counts and values of the data
   */
  public record Evidence(String column, String about, String fact) {
    /** The fact as a comment of its column. */
    String comment() {
      return switch (about) {
        case "nulls", "distinct", "name", "type", "digits", "pattern", "nan", "rules" -> fact;
        case "key" -> column.isEmpty() ? "key: " + fact : "key (" + column + "): " + fact;
        default -> about + " " + fact;
      };
    }

    /** Returns the column and the subject, without the fact, which contains values. */
    @Override
    public String toString() {
      return column.isEmpty() ? about : column + ": " + about;
    }
  }

  private final String source;
  private final long rows;
  private final Schema schema;
  private final List<ColumnInference.ProposedRule> rules;
  private final List<Evidence> evidence;
  private final String readAs;
  private final List<String> skipped;
  private final long skippedRows;
  private final List<String> notes;
  private final List<String> personal = new ArrayList<>();

  private ContractProposal(String source, Schema schema, SourceProfile observed) {
    this.source = source;
    this.schema = schema;
    this.rows = observed.count();
    this.skipped = List.copyOf(observed.skipped());
    this.skippedRows = observed.skippedRows();
    this.notes = new ArrayList<>(observed.remarks());
    Map<String, TextFormat> formats = new LinkedHashMap<>();
    for (Schema.Field field : schema.getFields()) {
      String inFile = PhysicalName.of(field);
      TextFormat format = observed.formats().getOrDefault(inFile, TextFormat.PLAIN);
      format.declare(field);
      formats.put(field.name(), format);
      String note = observed.notes().get(inFile);
      if (note != null) {
        notes.add("column " + field.name() + " " + note);
      }
      if (observed.personal().containsKey(inFile)) {
        personal.add(field.name());
      }
    }
    this.readAs = observed.reading().described(formats);
    observed.fileFormat().declare(schema);
    ColumnInference inference = new ColumnInference(observed);
    inference.infer(schema);
    this.rules = List.copyOf(inference.rules());
    this.evidence = List.copyOf(inference.evidence());
  }

  /**
   * Reads a Parquet, CSV or JSON file. The first bytes decide which, otherwise the extension
   * ({@code .csv}, {@code .tsv}, {@code .txt}, {@code .json}, {@code .jsonl}, {@code .ndjson}).
   * Text can be compressed by gzip, as in {@code .csv.gz}. The first line of a CSV file has the
   * names of the columns; the separator is the one that it has most often: comma, semicolon, tab or
   * vertical bar.
   *
   * @throws InvalidRequestException SOURCE_UNREADABLE if the file cannot be read, INVALID_ARGUMENT
   *     if it has another format, SCHEMA_UNSUPPORTED or LIMIT_EXCEEDED if a contract cannot have
   *     its columns
   * @throws io.meshwork.error.ContractViolationException FILE_MALFORMED, with the place in the file
   */
  public static ContractProposal from(Path file) {
    byte[] start = start(file);
    String name = fileName(file).toLowerCase(Locale.ROOT);
    if (begins(start, 'O', 'b', 'j', 1)
        || begins(start, 0x1f, 0x8b)
        || begins(start, 'O', 'R', 'C')
        || (begins(start, 'P', 'A', 'R', '1') && isPacked(file))) {
      throw SourceErrors.invalidCall(
          SourceFile.name(file),
          "it begins like an Avro or ORC file, or like a gzip file that is not text",
          "Use Parquet, CSV, or JSON; unpack a gzip file first.");
    }
    if (begins(start, 'P', 'A', 'R', '1') || name.endsWith(".parquet")) {
      return fromParquet(file);
    }
    FileFormat format = FileFormat.ofExtension(name).orElse(null);
    if (format instanceof FileFormat.Csv csv) {
      return fromCsv(file, csv);
    } else if (format instanceof FileFormat.Text) {
      return fromJson(file);
    }
    throw SourceErrors.invalidCall(
        SourceFile.name(file),
        "its first bytes and its extension do not determine its format",
        "Give it a name that ends with .csv, .tsv, .txt, .json, .jsonl, or .parquet, or name its"
            + " format.");
  }

  /**
   * Reads a Parquet file, which contains its types. A column that is optional in the file is
   * required if it has no null.
   *
   * @throws InvalidRequestException SOURCE_UNREADABLE or SCHEMA_UNSUPPORTED
   * @throws io.meshwork.error.ContractViolationException FILE_MALFORMED
   */
  public static ContractProposal fromParquet(Path file) {
    Schema declared = Contract.fromParquet(file).schema();
    SourceProfile observed = ParquetSource.read(file, SourceFile.name(file));
    TypeNames names = new TypeNames();
    return new ContractProposal(
        SourceFile.name(file),
        new NullabilityInference(names)
            .record(names.ofRows(fileName(file)), declared, observed.rows()),
        observed);
  }

  /**
   * Reads a CSV file. {@link io.meshwork.publish.Publish#files} publishes it in the same format.
   * Whole numbers become long, numbers with a fraction decimal. Dates, times and timestamps are
   * recognized by their ISO 8601 form. Digits with a leading zero stay text, and so does a column
   * in which one value has another type.
   *
   * @throws InvalidRequestException SOURCE_UNREADABLE, SCHEMA_UNSUPPORTED or LIMIT_EXCEEDED
   * @throws io.meshwork.error.ContractViolationException FILE_MALFORMED if the file is empty, has
   *     no header, no line that is a row, or a quote that is not closed, or if it is not text in
   *     the format's charset
   */
  public static ContractProposal fromCsv(Path file, FileFormat.Csv format) {
    argument("format", format);
    return csv(() -> open(file), file, format, SourceFile.name(file), fileName(file));
  }

  private static ContractProposal csv(
      CsvSource.Content content, Path file, FileFormat.Csv format, String source, String rows) {
    char usual = FileNames.separator(file);
    try {
      int thisYear = Year.now(ZoneOffset.UTC).getValue();
      return infer(CsvSource.read(content, format, usual, source, thisYear), source, rows);
    } catch (IOException e) {
      throw SourceErrors.failed(source, "reading stopped", e);
    }
  }

  /**
   * Reads CSV from a stream, to its end, like {@link #fromCsv(Path, FileFormat.Csv)}. The caller
   * closes the stream.
   *
   * @param in text in the format's charset
   */
  public static ContractProposal fromCsv(InputStream in, FileFormat.Csv format) {
    argument("format", format);
    String source = "a stream of CSV";
    return ofCopy(
        argument("in", in),
        source,
        copy -> csv(() -> Files.newInputStream(copy), copy, format, source, ROWS_OF_STREAM));
  }

  /**
   * Reads a file of JSON objects, one per line or all in one array. Nested objects become records,
   * or maps if they have more than 200 names, or a blank one; arrays become lists. Whole numbers
   * become long, those beyond 64 bits decimal, and text beyond 38 digits; others decimal, or double
   * if some have the digits of a double or an exponent. Strings become dates, times, timestamps or
   * UUIDs if all strings of the column are.
   *
   * @throws InvalidRequestException SOURCE_UNREADABLE, SCHEMA_UNSUPPORTED or LIMIT_EXCEEDED
   * @throws io.meshwork.error.ContractViolationException FILE_MALFORMED, with line and column
   */
  public static ContractProposal fromJson(Path file) {
    return json(() -> open(file), SourceFile.name(file), fileName(file));
  }

  private static ContractProposal json(CsvSource.Content content, String source, String rows) {
    try {
      return infer(JsonSource.read(content, source), source, rows);
    } catch (IOException e) {
      throw SourceErrors.failed(source, "reading stopped", e);
    }
  }

  /** Reads JSON from a stream, to its end, like {@link #fromJson(Path)}, and closes the stream. */
  public static ContractProposal fromJson(InputStream in) {
    String source = "a stream of JSON";
    try (InputStream closed = argument("in", in)) {
      return ofCopy(
          closed, source, copy -> json(() -> Files.newInputStream(copy), source, ROWS_OF_STREAM));
    } catch (IOException e) {
      throw SourceErrors.failed(source, "reading stopped", e);
    }
  }

  /** Copies a stream to a temporary file, because it is read twice. */
  private static ContractProposal ofCopy(
      InputStream in, String source, Function<Path, ContractProposal> read) {
    Path copy = null;
    try {
      copy = Files.createTempFile("mesh-", ".rows");
      Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
      return read.apply(copy);
    } catch (IOException e) {
      throw SourceErrors.failed(source, "reading stopped", e);
    } finally {
      delete(copy);
    }
  }

  private static void delete(@Nullable Path copy) {
    try {
      if (copy != null) {
        Files.deleteIfExists(copy);
      }
    } catch (IOException e) {
      copy.toFile().deleteOnExit();
    }
  }

  private static ContractProposal infer(SourceProfile observed, String source, String rows) {
    TypeNames names = new TypeNames();
    return new ContractProposal(
        source,
        new SchemaInference(names, source).record(names.ofRows(rows), observed.rows(), ""),
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
        .truncateExcessPrecision()
        .classification(Classification.CONFIDENTIAL, personal.toArray(String[]::new))
        .require(rules.stream().map(ColumnInference.ProposedRule::rule).toArray(Rule[]::new));
  }

  /** The facts of all columns, in their order, then facts about whole rows. Unmodifiable. */
  public List<Evidence> evidence() {
    return evidence;
  }

  /** The facts about one column or one place in it, such as {@code address.zip}. */
  public List<Evidence> evidence(String column) {
    return evidence.stream().filter(each -> each.column().equals(column)).toList();
  }

  /**
   * How the file was read, where that is not the plain form, such as {@code ';', windows-1252,
   * decimal comma}; empty if all is plain. The contract says so, too: a publish of the file reads
   * it in the same way.
   */
  public String readAs() {
    return readAs;
  }

  /**
   * What is open about the file and its columns, and what decides it; with a value as an example,
   * unless the column is about persons. Unmodifiable.
   */
  public List<String> notes() {
    return List.copyOf(notes);
  }

  /** The number of lines that do not fit the contract, which a publish would find to be bad. */
  public long skippedRows() {
    return skippedRows;
  }

  /** The first skipped lines with the reasons, without values. Unmodifiable. */
  public List<String> skipped() {
    return skipped;
  }

  /** The number of rows in the file that are rows of the contract. All lines were read. */
  public long rows() {
    return rows;
  }

  /**
   * A Java file with a record and its contract. The evidence of a column is the Javadoc of its
   * record component. Columns that a record cannot have, by type or number, are an Avro schema.
   */
  public String asJava() {
    return new JavaFormatter(source, rows, schema, rules, evidence, personal).text();
  }

  /**
   * A draft of an ODCS 3.1 document in YAML, with the evidence as comments. Add an owner, service
   * levels and the domain.
   */
  public String asYaml() {
    return new OdcsFormatter(source, rows, schema, rules, evidence, personal).text();
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
    SourceFile.fault(argument("file", file))
        .ifPresent(
            fault -> {
              throw SourceErrors.unreadable(SourceFile.name(file), fault.reason());
            });
    if (!Files.isReadable(file)) {
      throw SourceErrors.unreadable(SourceFile.name(file), SourceFile.unreadable(file));
    }
    return SourceFile.open(file);
  }

  private static byte[] start(Path file) {
    try (InputStream in = open(file)) {
      byte[] start = in.readNBytes(PREFIX_BYTES);
      if (start.length == 0) {
        throw SourceErrors.malformed(SourceFile.name(file), "it is empty", "Use a file with rows.");
      }
      return start;
    } catch (IOException e) {
      throw SourceErrors.failed(SourceFile.name(file), "it cannot be opened", e);
    }
  }

  private static boolean isPacked(Path file) {
    return String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT).endsWith(PACKED);
  }

  private static boolean begins(byte[] start, int... bytes) {
    byte[] signature = new byte[Math.min(bytes.length, SIGNATURE)];
    for (int i = 0; i < signature.length; i++) {
      signature[i] = (byte) bytes[i];
    }
    return start.length >= signature.length
        && Arrays.equals(start, 0, signature.length, signature, 0, signature.length);
  }

  /** The name of a file, without the ending of a packed one; of a copy, the name of the copy. */
  private static String fileName(Path file) {
    String name = String.valueOf(file.getFileName());
    return isPacked(file) ? name.substring(0, name.length() - PACKED.length()) : name;
  }

  private static <T> T argument(String name, @Nullable T value) {
    if (value == null) {
      throw Failure.of(MeshAction.of(Verb.CREATE, "a contract proposal"))
          .because("argument '" + name + "' is null")
          .fix("Pass a value.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
    return value;
  }
}
