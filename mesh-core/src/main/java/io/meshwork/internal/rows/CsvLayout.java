package io.meshwork.internal.rows;

import io.meshwork.internal.schema.NamesInFiles;
import io.meshwork.internal.schema.TextFileFormat;
import io.meshwork.internal.schema.TextFormat;
import io.meshwork.publish.Publish.FileFormat.Csv;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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

  /** The most lines before the header, such as a title and comments. */
  private static final int MAX_LINES_BEFORE = 20;

  /** The share of the first lines that shows how all are. */
  private static final double NEARLY_ALL = 0.9;

  /** The first line with which spreadsheets state the separator. */
  private static final Pattern STATED_SEPARATOR =
      Pattern.compile("(?i)\"?sep=(.)\"?(?:\\r\\n|\\n|\\r)");

  private static final Charset WINDOWS = Charset.forName("windows-1252");

  private final Csv given;
  private final TextFileFormat declared;
  private final char usual;
  private final @Nullable Charset seen;
  private final Charset charset;
  private final String text;
  private final boolean complete;

  /** Where the first lines start in the text. */
  private final List<Integer> starts = new ArrayList<>();

  private final @Nullable Character stated;

  /** A line with cells, and the number of lines before it; a quoted cell may span several. */
  private record Line(int linesBefore, List<String> cells) {
    long filled() {
      return cells.stream().filter(cell -> !cell.isBlank()).count();
    }
  }

  /**
   * Looks at the start of a file.
   *
   * @param start up to {@link #START_BYTES} from the start of the file, unpacked
   * @param given what the caller states
   * @param declared what the contract states
   * @param usual the separator if nothing shows another
   */
  public CsvLayout(byte[] start, Csv given, TextFileFormat declared, char usual) {
    this.given = withDeclared(given, declared);
    this.declared = declared;
    this.usual = declared.separator() == null ? usual : declared.separator();
    this.seen = seen(start);
    this.charset = charset(start);
    CharBuffer decoded = charset.decode(ByteBuffer.wrap(start));
    int from = decoded.length() > 0 && decoded.charAt(0) == '\uFEFF' ? 1 : 0;
    int to = Math.min(decoded.length(), from + MAX_CHARACTERS);
    this.text = decoded.subSequence(from, to).toString();
    this.complete = start.length < START_BYTES && to == decoded.length();
    Matcher separator = STATED_SEPARATOR.matcher(text);
    this.stated = separator.lookingAt() ? (Character) separator.group(1).charAt(0) : null;
    starts.add(0);
    for (int i = 0; i < text.length() && starts.size() <= MAX_LINES_BEFORE; i++) {
      boolean both = text.startsWith("\r\n", i);
      if (both || text.charAt(i) == '\n' || text.charAt(i) == '\r') {
        i += both ? 1 : 0;
        starts.add(i + 1);
      }
    }
  }

  private static Csv withDeclared(Csv given, TextFileFormat declared) {
    Csv all = declared.quote() == null || given.hasQuote() ? given : given.quote(declared.quote());
    return declared.nulls().isEmpty()
        ? all
        : all.nullTexts(declared.nulls().toArray(String[]::new));
  }

  /** The lines before the header or the rows that are certainly none of them. */
  public int firstLine() {
    return stated == null ? 0 : 1;
  }

  /** The lines before the first one with cells, or as many of them as count. */
  private int firstWithCells() {
    List<Line> lines = parsed(usual(), firstLine(), 1);
    int before = lines.isEmpty() ? firstLine() : lines.get(0).linesBefore();
    return Math.min(before, starts.size() - 1);
  }

  private char usual() {
    return given.hasSeparator() ? given.separator() : stated == null ? usual : stated;
  }

  private boolean isSeparatorKnown() {
    return given.hasSeparator() || stated != null;
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

  /** Returns how a file is read whose columns a contract has. */
  public CsvReading of(Schema columns, Function<Schema.Field, TextFormat> forms) {
    boolean header = given.hasHeader() && declared.header();
    NamesInFiles<Schema.Field> known = NamesInFiles.of(columns);
    char separator = usual();
    int line = header ? firstWithCells() : firstLine();
    int named = header ? named(separator, known, line) : 0;
    List<String> cells = first(separator, line);
    if (!isSeparatorKnown() && (named < cells.size() || isTabbed(cells, known))) {
      for (char other : SEPARATORS.toCharArray()) {
        int found = header ? named(other, known, line) : 0;
        if (found > named || (found == named && isTab(other, separator, known, line))) {
          named = found;
          separator = other;
        }
      }
    }
    if (header && named == 0) {
      for (int later = line + 1; later < starts.size() && named == 0; later++) {
        for (char other : isSeparatorKnown() ? new char[] {separator} : candidates(separator)) {
          int found = onlyNames(other, known, columns, later);
          if (found > named || (found == named && isTab(other, separator, known, later))) {
            named = found;
            separator = other;
            line = later;
          }
        }
      }
    }
    if (!isSeparatorKnown() && named == 0) {
      separator = byWidth(separator, columns.getFields().size());
    }
    boolean headless = !header || (named == 0 && isRow(separator, columns, forms));
    return reading(separator, !headless, line);
  }

  private char[] candidates(char preferred) {
    return (preferred + SEPARATORS).toCharArray();
  }

  /** Returns how to read a file of which nothing is known. */
  public CsvReading alone() {
    char separator = isSeparatorKnown() ? usual() : byCells();
    boolean header = given.hasHeader() && declared.header();
    return reading(separator, header, header ? linesBefore(separator) : firstLine());
  }

  private CsvReading reading(char separator, boolean header, int linesBefore) {
    return new CsvReading(
        format(separator, header),
        linesBefore,
        header ? extraCells(separator, linesBefore) : 0,
        hasSpacesAroundQuotes(separator));
  }

  /** True if half of the first lines have a whole cell in quotes with spaces around them. */
  private boolean hasSpacesAroundQuotes(char separator) {
    String quote = Pattern.quote(String.valueOf(given.quote()));
    String end = Pattern.quote(String.valueOf(separator));
    String cell = quote + "[^" + quote + "]*" + quote;
    Pattern spaced =
        Pattern.compile(
            "(?:" + end + " +" + cell + " *|(?:^|" + end + ")" + cell + " +)(?:" + end + "|$)");
    int lines = 0;
    int found = 0;
    for (int i = 0; i < Math.min(starts.size(), MAX_LINES_BEFORE); i++) {
      int to = i + 1 < starts.size() ? starts.get(i + 1) : text.length();
      String line = text.substring(starts.get(i), to);
      lines += line.isBlank() ? 0 : 1;
      found += spaced.matcher(line).find() ? 1 : 0;
    }
    return found > 0 && found * 2 >= lines;
  }

  /**
   * The empty cells that nearly all lines have at their ends, and the header not, or vice versa.
   */
  private int extraCells(char separator, int linesBefore) {
    List<List<String>> lines = lines(separator, linesBefore);
    if (lines.size() < 2) {
      return 0;
    }
    List<String> header = lines.get(0);
    List<List<String>> others = lines.subList(1, lines.size());
    int width = header.size();
    long longer =
        others.stream()
            .filter(line -> line.size() == width + 1 && line.get(width).isBlank())
            .count();
    long shorter = others.stream().filter(line -> line.size() == width - 1).count();
    if (longer > 0 && longer >= others.size() * NEARLY_ALL) {
      return 1;
    }
    boolean ends = width > 1 && header.get(width - 1).isBlank();
    return ends && shorter > 0 && shorter >= others.size() * NEARLY_ALL ? -1 : 0;
  }

  /**
   * The lines before the header of a file of which nothing is known: lines that a spreadsheet or a
   * program writes about the others, with one cell among lines of several.
   */
  private int linesBefore(char separator) {
    List<Line> lines = parsed(separator, firstLine());
    int width = width(lines);
    for (int i = 0; i + 1 < lines.size(); i++) {
      Line line = lines.get(i);
      if (line.linesBefore() >= starts.size()) {
        break;
      }
      if (!isRemark(line, width)) {
        return line.linesBefore();
      }
    }
    return firstLine();
  }

  private static boolean isRemark(Line line, int width) {
    int cells = line.cells().size();
    long filled = line.filled();
    return (cells == 1 && line.cells().get(0).startsWith("#"))
        || (cells < width && (filled <= 1 || (filled == 2 && width > 3)))
        || (cells == width && width > 2 && filled <= 1);
  }

  /** The number of cells that most lines have. */
  private static int width(List<Line> lines) {
    return lines.stream()
        .collect(Collectors.groupingBy(line -> line.cells().size(), Collectors.counting()))
        .entrySet()
        .stream()
        .max(Map.Entry.<Integer, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
        .map(Map.Entry::getKey)
        .orElse(1);
  }

  /**
   * Returns the first lines as cells, but not one that is cut.
   *
   * @param linesBefore how many lines to skip
   */
  public List<List<String>> lines(char separator, int linesBefore) {
    return parsed(separator, linesBefore).stream().map(Line::cells).toList();
  }

  private List<Line> parsed(char separator, int linesBefore) {
    return parsed(separator, linesBefore, MAX_LINES);
  }

  private List<Line> parsed(char separator, int linesBefore, int maximum) {
    List<Line> lines = new ArrayList<>();
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    boolean begun = false;
    char quote = given.quote();
    boolean spaces = hasSpacesAroundQuotes(separator);
    boolean closed = false;
    int ended = linesBefore;
    int start = linesBefore;
    for (int i = starts.get(linesBefore); i < text.length() && lines.size() < maximum; i++) {
      char c = text.charAt(i);
      boolean end = c == '\n' || c == '\r';
      if (end) {
        ended++;
      }
      boolean both = text.startsWith("\r\n", i);
      if (quoted) {
        if (c == quote && i + 1 < text.length() && text.charAt(i + 1) == quote) {
          cell.append(c);
          i++;
        } else if (c == quote) {
          quoted = false;
          closed = true;
        } else {
          cell.append(c);
          if (both) {
            cell.append('\n');
            i++;
          }
        }
      } else if (c == quote && (!begun || (spaces && !closed && cell.toString().isBlank()))) {
        cell.setLength(0);
        quoted = true;
        begun = true;
      } else if (c == separator) {
        cells.add(cell.toString());
        cell.setLength(0);
        begun = false;
        closed = false;
      } else if (end) {
        i += both ? 1 : 0;
        if (begun || !cells.isEmpty()) {
          cells.add(cell.toString());
          lines.add(new Line(start, cells));
        }
        cells = new ArrayList<>();
        cell.setLength(0);
        begun = false;
        closed = false;
        start = ended;
      } else if (!(spaces && closed && c == ' ')) {
        cell.append(c);
        begun = true;
      }
    }
    if (complete && lines.size() < maximum && (begun || !cells.isEmpty())) {
      cells.add(cell.toString());
      lines.add(new Line(start, cells));
    }
    return lines;
  }

  /** The cells of the first line from a line on; none without one. */
  private List<String> first(char separator, int linesBefore) {
    List<Line> lines = parsed(separator, linesBefore, 1);
    return lines.isEmpty() ? List.of() : lines.get(0).cells();
  }

  /** The number of cells of a line that are names of columns. */
  private int named(char separator, NamesInFiles<Schema.Field> known, int linesBefore) {
    return named(first(separator, linesBefore), known);
  }

  /**
   * True for a tab beside a name, which separates cells if all are names, and another separator
   * divides no more names: names are known without the spaces around them.
   */
  private boolean isTab(
      char other, char separator, NamesInFiles<Schema.Field> known, int linesBefore) {
    return other == '\t'
        && isTabbed(first(separator, linesBefore), known)
        && first(other, linesBefore).stream()
            .allMatch(cell -> cell.isBlank() || known.findTrimmed(cell) != null);
  }

  private static boolean isTabbed(List<String> cells, NamesInFiles<Schema.Field> known) {
    return cells.stream()
        .filter(cell -> cell.startsWith("\t") || cell.endsWith("\t"))
        .anyMatch(cell -> known.findTrimmed(cell) != null);
  }

  private static int named(List<String> cells, NamesInFiles<Schema.Field> known) {
    return (int) cells.stream().filter(cell -> known.findTrimmed(cell) != null).count();
  }

  /**
   * The number of cells of a line if all are names of columns, and the line has at least two
   * columns, of which some may have no name; otherwise 0.
   */
  private int onlyNames(
      char separator, NamesInFiles<Schema.Field> known, Schema columns, int linesBefore) {
    List<Line> lines = parsed(separator, linesBefore, 1);
    if (lines.isEmpty() || lines.get(0).linesBefore() != linesBefore) {
      return 0;
    }
    List<String> cells = lines.get(0).cells();
    int named = named(cells, known);
    long nameless =
        IntStream.range(0, cells.size())
            .filter(i -> cells.get(i).isBlank() && known.find(CsvReading.nameless(i)) != null)
            .count();
    boolean several = named + nameless > 1 || columns.getFields().size() == 1;
    return several && named == lines.get(0).filled() ? named : 0;
  }

  /**
   * The separator that gives most lines as many cells as there are columns; the contract's, if it
   * gives that to any.
   */
  private char byWidth(char preferred, int columns) {
    char best = preferred;
    long most = linesOf(preferred, columns);
    if (declared.separator() != null && most > 0) {
      return preferred;
    }
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
    return lines(separator, firstLine()).stream().filter(line -> line.size() == cells).count();
  }

  /**
   * The separator that divides nearly all lines into as many cells as the first one: any before a
   * comma, which numbers have, too.
   */
  private char byCells() {
    char best = usual;
    double most = 0;
    for (char separator : SEPARATORS.toCharArray()) {
      List<List<String>> lines = lines(separator, linesBefore(separator));
      int cells = lines.isEmpty() ? 0 : lines.get(0).size();
      if (cells > 1) {
        double share =
            lines.stream().filter(line -> line.size() == cells).count() / (double) lines.size();
        double score = share * (cells - 1) * (separator != ',' && share > NEARLY_ALL ? 1_000 : 1);
        score *= separator == usual ? 1.001 : 1;
        if (score > most) {
          most = score;
          best = separator;
        }
      }
    }
    return best;
  }

  /** True if each cell of the first line is a value of its column, and not all are strings. */
  private boolean isRow(char separator, Schema columns, Function<Schema.Field, TextFormat> forms) {
    List<String> cells = first(separator, firstLine());
    List<Schema.Field> fields = columns.getFields();
    if (cells.size() != fields.size()) {
      return false;
    }
    boolean typed = false;
    for (int i = 0; i < fields.size(); i++) {
      Schema type = ColumnKind.withoutNull(fields.get(i).schema());
      ColumnKind kind = type == null ? null : ColumnKind.of(type);
      String cell = cells.get(i);
      if (kind != null && kind != ColumnKind.STRING && !kind.nested() && !cell.isEmpty()) {
        if (FormattedText.of(kind, forms.apply(fields.get(i))).parse(cell) == null) {
          return false;
        }
        typed = true;
      }
    }
    return typed;
  }

  private Csv format(char separator, boolean header) {
    Csv format = given.hasSeparator() ? given : given.separator(separator);
    format = given.hasCharset() ? format : format.charset(charset);
    return header || !format.hasHeader() ? format : format.withoutHeader();
  }
}
