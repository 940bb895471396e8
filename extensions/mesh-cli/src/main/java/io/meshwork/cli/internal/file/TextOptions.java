package io.meshwork.cli.internal.file;

import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.publish.Publish.FileFormat;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * How a file of text is written, of {@code publish}, {@code stage}, and {@code propose}. What is
 * not stated is as the contract says, otherwise as the file shows.
 */
public final class TextOptions {
  private static final String EACH = "[COLUMN=]";

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "csv, tsv, jsonl, avro, or parquet; default: as the file ends, or as its first bytes show")
  private @Nullable String format;

  @Option(
      names = "--separator",
      paramLabel = "CHARACTER",
      description = "Separates the cells of CSV, such as ';' or tab; default: as the file shows")
  private @Nullable String separator;

  @Option(
      names = "--quote",
      paramLabel = "CHARACTER",
      description = "Encloses cells of CSV; default: a double quote")
  private @Nullable String quote;

  @Option(
      names = "--charset",
      paramLabel = "NAME",
      description = "Of CSV, such as windows-1252; default: UTF-8, or as the file shows")
  private @Nullable String charset;

  @Option(names = "--no-header", description = "The first line of CSV is a row")
  private boolean headless;

  @Option(names = "--null", paramLabel = "TEXT", description = "A cell that means null, such as NA")
  private @Nullable List<String> nulls;

  @Option(names = "--trim", description = "Ignores spaces around values")
  private boolean trimmed;

  @Option(names = "--decimal-comma", description = "Numbers are written as 1.234,56 or 1234,56")
  private boolean decimalComma;

  @Option(
      names = "--number-format",
      paramLabel = EACH + "EXAMPLE",
      description = "How 1234.56 is written, such as 1,234.56 or price=1.234,56")
  private @Nullable List<String> numbers;

  @Option(
      names = "--date-format",
      paramLabel = EACH + "PATTERN",
      description = "Such as dd.MM.yyyy or day=MM/dd/yyyy")
  private @Nullable List<String> dates;

  @Option(names = "--time-format", paramLabel = EACH + "PATTERN", description = "Such as 'h:mm a'")
  private @Nullable List<String> times;

  @Option(
      names = "--timestamp-format",
      paramLabel = EACH + "PATTERN",
      description = "Such as 'MM/dd/yyyy HH:mm' or at=epoch-seconds")
  private @Nullable List<String> timestamps;

  @Option(
      names = "--boolean-format",
      paramLabel = EACH + "TRUE/FALSE",
      description = "Such as Yes/No or gift=Ja/Nein")
  private @Nullable List<String> booleans;

  /** True if a format is named. */
  public boolean hasFormat() {
    return format != null;
  }

  /**
   * Returns the format with its options; null if all of it is as contract and file show.
   *
   * @param detected the format of the rows if the name of the file does not state it
   */
  public @Nullable FileFormat format(String file, Optional<FileFormat> detected) {
    boolean stated =
        separator != null
            || quote != null
            || charset != null
            || headless
            || nulls != null
            || trimmed
            || decimalComma
            || numbers != null
            || dates != null
            || times != null
            || timestamps != null
            || booleans != null;
    if (!stated) {
      return format == null ? detected.orElse(null) : named(format);
    }
    FileFormat fileFormat =
        format == null
            ? detected.or(() -> FileFormat.ofExtension(file)).orElse(FileFormat.csv())
            : named(format);
    if (fileFormat instanceof FileFormat.Csv csv) {
      return ofValues(ofCells(csv));
    }
    if (!(fileFormat instanceof FileFormat.Text<?> json)) {
      throw new UsageException(
          "Options such as --separator or --date-format need CSV or JSON lines.");
    }
    if (separator != null || quote != null || charset != null || headless || nulls != null) {
      throw new UsageException(
          "Options --separator, --quote, --charset, --no-header, and --null need CSV.");
    }
    return ofValues(json);
  }

  private FileFormat.Csv ofCells(FileFormat.Csv plain) {
    FileFormat.Csv csv = plain;
    if (separator != null) {
      csv = csv.separator(character("--separator", separator));
    }
    if (quote != null) {
      csv = csv.quote(character("--quote", quote));
    }
    if (charset != null) {
      csv = csv.charset(charset(charset));
    }
    if (headless) {
      csv = csv.withoutHeader();
    }
    return nulls == null ? csv : csv.nullTexts(nulls.toArray(String[]::new));
  }

  private FileFormat ofValues(FileFormat.Text<?> text) {
    FileFormat.Text<?> all = trimmed ? text.trim() : text;
    all = decimalComma ? all.useDecimalComma() : all;
    for (String each : list(numbers)) {
      all = isOfColumn(each) ? ofColumn(all, each) : all.numbers(each);
    }
    for (String each : list(dates)) {
      all = isOfColumn(each) ? ofColumn(all, each) : all.dates(each);
    }
    for (String each : list(times)) {
      all = isOfColumn(each) ? ofColumn(all, each) : all.times(each);
    }
    for (String each : list(timestamps)) {
      all = isOfColumn(each) ? ofColumn(all, each) : all.timestamps(each);
    }
    for (String each : list(booleans)) {
      int slash = each.indexOf('/');
      if (slash < 0) {
        throw new UsageException(
            "A format of booleans has both strings, such as Yes/No, not " + each + ".");
      }
      all =
          isOfColumn(each)
              ? ofColumn(all, each)
              : all.booleans(each.substring(0, slash), each.substring(slash + 1));
    }
    return all;
  }

  private static List<String> list(@Nullable List<String> texts) {
    return texts == null ? List.of() : texts;
  }

  private static boolean isOfColumn(String text) {
    return text.indexOf('=') > 0;
  }

  private static FileFormat.Text<?> ofColumn(FileFormat.Text<?> text, String each) {
    int equals = each.indexOf('=');
    return text.form(each.substring(0, equals), each.substring(equals + 1));
  }

  private static char character(String option, String text) {
    String separator =
        switch (text) {
          case "tab", "\\t" -> "\t";
          case "comma" -> ",";
          case "semicolon" -> ";";
          case "pipe" -> "|";
          case "space" -> " ";
          default -> text;
        };
    if (separator.length() != 1) {
      throw new UsageException("Option " + option + " takes one character, or tab.");
    }
    return separator.charAt(0);
  }

  private static Charset charset(String name) {
    try {
      return Charset.forName(name);
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "The charset '" + name + "' is not known; use UTF-8, windows-1252, …");
    }
  }

  private static FileFormat named(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "parquet" -> FileFormat.parquet();
      case "avro" -> FileFormat.avro();
      case "csv" -> FileFormat.csv();
      case "tsv" -> FileFormat.csv().separator('\t');
      case "json", "jsonl", "ndjson" -> FileFormat.jsonLines();
      default ->
          throw new UsageException(
              "Format '" + text + "' is not parquet, avro, csv, tsv, or jsonl.");
    };
  }
}
