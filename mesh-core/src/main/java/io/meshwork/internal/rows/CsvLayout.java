package io.meshwork.internal.rows;

import io.meshwork.internal.schema.NamesInFiles;
import io.meshwork.internal.schema.TextFileForm;
import io.meshwork.internal.schema.TextForm;
import io.meshwork.publish.Publish.FileFormat;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * How a CSV file is written, as its first bytes show it. What a format states is never changed; the
 * contract counts more than the file, but for a byte order mark and the names in the first line.
 */
public final class CsvLayout {
  /** The bytes that show how a file is written. */
  public static final int START_BYTES = 1 << 20;

  private static final String SEPARATORS = ",;\t|";
  private static final int MAX_CHARACTERS = 1 << 16;
  private static final int MAX_LINES = 1_000;
  private static final int MAX_UTF8_BYTES = 4;
  private static final Charset WINDOWS = Charset.forName("windows-1252");

  private final FileFormat given;
  private final TextFileForm declared;
  private final char usual;
  private final @Nullable Charset seen;
  private final Charset charset;
  private final String text;
  private final boolean complete;

  /**
   * Looks at the start of a file.
   *
   * @param start up to {@link #START_BYTES} from the start of the file, unpacked
   * @param given what the caller states
   * @param declared what the contract states
   * @param usual the separator if nothing shows another
   */
  public CsvLayout(byte[] start, FileFormat given, TextFileForm declared, char usual) {
    this.given = given;
    this.declared = declared;
    this.usual = declared.separator() == null ? usual : declared.separator();
    this.seen = seen(start);
    this.charset = charset(start);
    CharBuffer decoded = charset.decode(ByteBuffer.wrap(start));
    int from = decoded.length() > 0 && decoded.charAt(0) == '\uFEFF' ? 1 : 0;
    int to = Math.min(decoded.length(), from + MAX_CHARACTERS);
    this.text = decoded.subSequence(from, to).toString();
    this.complete = start.length < START_BYTES && to == decoded.length();
  }

  private Charset charset(byte[] start) {
    if (given.hasCharset()) {
      return given.charset();
    }
    if (begins(start, 0xff, 0xfe)) {
      return StandardCharsets.UTF_16LE;
    } else if (begins(start, 0xfe, 0xff)) {
      return StandardCharsets.UTF_16BE;
    } else if (begins(start, 0xef, 0xbb, 0xbf)) {
      return StandardCharsets.UTF_8;
    }
    if (declared.charset() == null) {
      return seen == null ? StandardCharsets.UTF_8 : seen;
    }
    // Texts in a charset of one byte a character are hardly ever UTF-8 by chance.
    boolean isOther = StandardCharsets.UTF_8.equals(seen) && isOfSingleBytes(declared.charset());
    return isOther ? StandardCharsets.UTF_8 : declared.charset();
  }

  private static boolean isOfSingleBytes(Charset charset) {
    return charset.canEncode() && charset.newEncoder().maxBytesPerChar() == 1;
  }

  /**
   * UTF-8 if most characters that are not ASCII are in it, so that a damaged one does not change
   * the others; null if all are ASCII.
   */
  private static @Nullable Charset seen(byte[] start) {
    int end = start.length < START_BYTES ? start.length : start.length - MAX_UTF8_BYTES;
    long inUtf8 = 0;
    long others = 0;
    for (int i = 0; i < start.length; ) {
      int length = lengthInUtf8(start, i);
      inUtf8 += length > 1 ? 1 : 0;
      others += length < 1 && i < end ? 1 : 0; // the last one may be cut
      i += Math.max(1, length);
    }
    return inUtf8 > others ? StandardCharsets.UTF_8 : others > 0 ? WINDOWS : null;
  }

  /** The bytes of a character of UTF-8; 0 if there is none. */
  private static int lengthInUtf8(byte[] text, int from) {
    int first = text[from] & 0xff;
    int length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (first > 0xf4 || from + length > text.length) {
      return 0;
    }
    for (int i = from + 1; i < from + length; i++) {
      if ((text[i] & 0xc0) != 0x80) {
        return 0;
      }
    }
    return length;
  }

  /** Returns true if the start of the file is ASCII. */
  public boolean isAscii() {
    return seen == null;
  }

  private static boolean begins(byte[] start, int... bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if (start.length <= i || (start[i] & 0xff) != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  /** Returns the format of a file whose columns a contract has. */
  public FileFormat of(Schema columns, Function<Schema.Field, TextForm> forms) {
    boolean header = given.hasHeader() && declared.header();
    char separator = given.hasSeparator() ? given.separator() : usual;
    int named = header ? named(separator, columns) : 0;
    if (!given.hasSeparator() && named < cells(separator)) {
      for (char other : SEPARATORS.toCharArray()) {
        int found = header ? named(other, columns) : 0;
        if (found > named) {
          named = found;
          separator = other;
        }
      }
      if (named == 0) {
        separator = byWidth(separator, columns.getFields().size());
      }
    }
    boolean headless = !header || (named == 0 && isRow(separator, columns, forms));
    return format(separator, !headless);
  }

  /** Returns the format of a file of which nothing is known. */
  public FileFormat alone() {
    char separator = given.hasSeparator() ? given.separator() : byCells();
    return format(separator, given.hasHeader() && declared.header());
  }

  /** Returns the first lines as cells, but not one that is cut. */
  public List<List<String>> lines(char separator) {
    List<List<String>> lines = new ArrayList<>();
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    boolean begun = false;
    char quote = given.quote();
    for (int i = 0; i < text.length() && lines.size() < MAX_LINES; i++) {
      char c = text.charAt(i);
      if (quoted) {
        if (c != quote) {
          cell.append(c);
        } else if (i + 1 < text.length() && text.charAt(i + 1) == quote) {
          cell.append(c);
          i++;
        } else {
          quoted = false;
        }
      } else if (c == quote && !begun) {
        quoted = true;
        begun = true;
      } else if (c == separator) {
        cells.add(cell.toString());
        cell.setLength(0);
        begun = false;
      } else if (c == '\n' || c == '\r') {
        i += c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n' ? 1 : 0;
        if (begun || !cells.isEmpty()) {
          cells.add(cell.toString());
          lines.add(cells);
        }
        cells = new ArrayList<>();
        cell.setLength(0);
        begun = false;
      } else {
        cell.append(c);
        begun = true;
      }
    }
    if (complete && lines.size() < MAX_LINES && (begun || !cells.isEmpty())) {
      cells.add(cell.toString());
      lines.add(cells);
    }
    return lines;
  }

  private int cells(char separator) {
    List<List<String>> lines = lines(separator);
    return lines.isEmpty() ? 0 : lines.get(0).size();
  }

  /** The number of cells of the first line that are names of columns. */
  private int named(char separator, Schema columns) {
    List<List<String>> lines = lines(separator);
    NamesInFiles<Schema.Field> known = NamesInFiles.of(columns);
    return lines.isEmpty()
        ? 0
        : (int) lines.get(0).stream().filter(cell -> known.findTrimmed(cell) != null).count();
  }

  /** The separator that gives most lines as many cells as there are columns. */
  private char byWidth(char preferred, int columns) {
    char best = preferred;
    long most = linesOf(preferred, columns);
    for (char other : SEPARATORS.toCharArray()) {
      long lines = linesOf(other, columns);
      if (lines > most) {
        most = lines;
        best = other;
      }
    }
    return best;
  }

  private long linesOf(char separator, int cells) {
    return lines(separator).stream().filter(line -> line.size() == cells).count();
  }

  /**
   * The separator that divides nearly all lines into as many cells as the first one: any before a
   * comma, which numbers have, too.
   */
  private char byCells() {
    char best = usual;
    double most = 0;
    for (char separator : SEPARATORS.toCharArray()) {
      List<List<String>> lines = lines(separator);
      int cells = lines.isEmpty() ? 0 : lines.get(0).size();
      if (cells > 1) {
        double share =
            lines.stream().filter(line -> line.size() == cells).count() / (double) lines.size();
        double score = share * (cells - 1) * (separator != ',' && share > 0.9 ? 1_000 : 1);
        score *= separator == usual ? 1.001 : 1;
        if (score > most) {
          most = score;
          best = separator;
        }
      }
    }
    return best;
  }

  /** True if each cell of the first line is a value of its column, and not all are texts. */
  private boolean isRow(char separator, Schema columns, Function<Schema.Field, TextForm> forms) {
    List<List<String>> lines = lines(separator);
    List<Schema.Field> fields = columns.getFields();
    if (lines.isEmpty() || lines.get(0).size() != fields.size()) {
      return false;
    }
    boolean typed = false;
    for (int i = 0; i < fields.size(); i++) {
      Schema type = ColumnKind.withoutNull(fields.get(i).schema());
      ColumnKind kind = type == null ? null : ColumnKind.of(type);
      String cell = lines.get(0).get(i);
      if (kind != null && kind != ColumnKind.STRING && !kind.nested() && !cell.isEmpty()) {
        if (FormedText.of(kind, forms.apply(fields.get(i))).parse(cell) == null) {
          return false;
        }
        typed = true;
      }
    }
    return typed;
  }

  private FileFormat format(char separator, boolean header) {
    FileFormat format = given.hasSeparator() ? given : given.separator(separator);
    format = given.hasCharset() ? format : format.charset(charset);
    return header || !format.hasHeader() ? format : format.withoutHeader();
  }

  /**
   * Returns how files are read, where that is not the plain form; empty if all is plain.
   *
   * @param format how they are read
   * @param forms the forms of the columns
   */
  public static String described(FileFormat format, Iterable<TextForm> forms) {
    Set<String> parts = new LinkedHashSet<>();
    if (format.isCsv()) {
      if (format.separator() != ',') {
        parts.add(format.separator() == '\t' ? "tabs" : "'" + format.separator() + "'");
      }
      if (!format.charset().equals(StandardCharsets.UTF_8)) {
        parts.add(format.charset().name());
      }
      if (!format.hasHeader()) {
        parts.add("no header");
      }
    }
    Set<String> written = new TreeSet<>();
    Set<String> nulls = new TreeSet<>();
    for (TextForm form : forms) {
      String text = form.format();
      if (text != null) {
        written.add(text.endsWith(",56") ? "decimal comma" : text);
      }
      nulls.addAll(form.nulls());
    }
    parts.addAll(written);
    nulls.remove("");
    nulls.forEach(text -> parts.add("'" + text + "' is null"));
    return String.join(", ", parts);
  }
}
