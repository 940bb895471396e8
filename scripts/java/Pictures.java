import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;

/**
 * Draws the pictures of the documentation as SVG, and gives screens of the portal 256 colors.
 * Arguments: the transcript of a terminal, the folder of the screens, and the folder of the
 * pictures. The same input gives the same files.
 */
final class Pictures {
  private static final int MOST_COLORS = 256;
  private static final int RARE_COLORS = 64;

  private Pictures() {}

  public static void main(String[] arguments) throws IOException {
    Path to = Path.of(arguments[2]);
    write(to, "first-publish", terminal(Files.readAllLines(Path.of(arguments[0]))), Scheme.DARK);
    SvgDrawing flow = dataFlow();
    write(to, "data-flow-light", flow, Scheme.LIGHT);
    write(to, "data-flow-dark", flow, Scheme.DARK);
    write(to, "publish", publish(), Scheme.BOTH);
    write(to, "access", access(), Scheme.BOTH);
    write(to, "rollout", rollout(), Scheme.BOTH);
    for (String screen : List.of("portal-light.png", "portal-dark.png")) {
      shrink(Path.of(arguments[1], screen), to.resolve(screen));
    }
  }

  private static void write(Path folder, String name, SvgDrawing drawing, Scheme scheme)
      throws IOException {
    Files.writeString(folder.resolve(name + ".svg"), drawing.svg(scheme));
  }

  // -- What the pictures show --

  private static SvgDrawing dataFlow() {
    SvgDrawing it =
        new SvgDrawing(
            860,
            300,
            "How rows get from a producer to a consumer",
            "A program of the domain commerce publishes rows. Each is checked against the"
                + " contract. Good rows become visible in one commit, bad rows go to a quarantine."
                + " A program of the domain finance reads what it was granted.");
    it.group(16, 40, 210, 244, "Domain commerce");
    it.box(36, 76, 170, 64, "", "Program or mesh", "publishes rows");
    it.box(36, 196, 170, 64, "", "Owner", "grants access");
    it.group(262, 40, 336, 244, "Product commerce/orders");
    it.box(282, 76, 130, 64, "accent", "Check", "contract 1.0.0");
    it.box(448, 76, 130, 64, "good", "Snapshot", "all rows, or none");
    it.box(282, 196, 130, 64, "bad", "Quarantine", "rows that broke it");
    it.box(448, 196, 130, 64, "accent", "Access", "columns and rows");
    it.group(634, 40, 210, 244, "Domain finance");
    it.box(654, 76, 170, 64, "", "Program or mesh", "reads, subscribes");
    it.box(654, 196, 170, 64, "", "Derived product", "finance/revenue");
    it.arrow(206, 108, 282, 108);
    it.arrow(412, 108, 448, 108);
    it.arrow(347, 140, 347, 196);
    it.arrow(206, 228, 244, 228, 244, 272, 513, 272, 513, 260);
    it.arrow(513, 140, 513, 196);
    it.arrow(578, 228, 616, 228, 616, 108, 654, 108);
    it.arrow(739, 140, 739, 196);
    return it;
  }

  private static SvgDrawing publish() {
    SvgDrawing it =
        new SvgDrawing(
            820,
            224,
            "How a publish becomes visible",
            "Rows are checked and written to files that no reader sees. One transaction moves the"
                + " pointer of the table, and writes the receipt and the log entry. Before it,"
                + " readers see the earlier snapshot, after it the new one. If the process stops"
                + " before, only leftover files remain.");
    it.box(20, 36, 160, 64, "", "1. Check the rows", "against the contract");
    it.box(220, 36, 160, 64, "", "2. Write files", "no reader sees them");
    it.box(
        420, 20, 180, 96, "accent", "3. One transaction",
        "pointer of the table,", "receipt, log entry");
    it.box(640, 36, 160, 64, "good", "4. Visible", "all rows at once");
    it.arrow(180, 68, 220, 68);
    it.arrow(380, 68, 420, 68);
    it.arrow(600, 68, 640, 68);
    it.line(20, 158, 800, 158);
    it.tick(510, 116, 172);
    it.label(
        265, 184,
        "Readers see the snapshot before. If the process",
        "stops here, only leftover files remain.");
    it.label(655, 184, "Readers see the new snapshot. Who", "began before keeps the earlier one.");
    return it;
  }

  private static SvgDrawing access() {
    SvgDrawing it =
        new SvgDrawing(
            820,
            420,
            "How a read is decided",
            "Questions in order. Does the role act for the owner? Then it reads everything. Are"
                + " reads suspended? Then it is denied. Otherwise the open product and all active"
                + " grants, by name, by tags, and passed on, add up. Columns that became more"
                + " sensitive than was agreed are withheld. If nothing is left, the read is denied,"
                + " and the error names the missing grant and whom to ask.");
    it.box(20, 20, 390, 52, "", "Does the role act for the owner's domain?");
    it.box(20, 108, 390, 52, "", "Are reads of the product suspended?");
    it.box(
        20, 196, 390, 84, "accent", "Add up what is open and granted",
        "open to the mesh; grants by name, by tags,", "and passed on, that have not ended");
    it.box(
        20, 316, 390, 84, "accent", "Withhold what became more sensitive",
        "columns above the classification", "that was agreed on");
    it.box(540, 20, 260, 52, "good", "Reads all columns and rows");
    it.box(540, 108, 260, 52, "bad", "Denied: reads are suspended");
    it.box(
        540, 206, 260, 84, "bad", "Denied",
        "the error names what is missing", "and whom to ask");
    it.box(540, 334, 260, 66, "good", "Reads what is left", "columns, rows, and cells");
    it.arrow(410, 46, 540, 46);
    it.label(475, 38, "yes");
    it.arrow(215, 72, 215, 108);
    it.labelFrom(224, 95, "no");
    it.arrow(410, 134, 540, 134);
    it.label(475, 126, "yes");
    it.arrow(215, 160, 215, 196);
    it.labelFrom(224, 183, "no");
    it.arrow(215, 280, 215, 316);
    it.arrow(410, 340, 440, 340, 440, 248, 540, 248);
    it.label(490, 240, "nothing");
    it.arrow(410, 367, 540, 367);
    it.label(475, 359, "something");
    return it;
  }

  private static SvgDrawing rollout() {
    SvgDrawing it =
        new SvgDrawing(
            820,
            288,
            "The states of a rollout of a new major version",
            "A rollout is planned, announced, parallel, closing, and retired. It can be activated"
                + " before it is announced. Until it is retired it can be aborted. A retired"
                + " version can be restored within 14 days.");
    it.box(12, 64, 116, 70, "", "PLANNED", "only the owner", "sees version 2");
    it.box(182, 64, 116, 70, "", "ANNOUNCED", "consumers have", "a notice");
    it.box(352, 64, 116, 70, "accent", "PARALLEL", "both are read", "and published");
    it.box(522, 64, 116, 70, "", "CLOSING", "no new", "subscriptions");
    it.box(692, 64, 116, 70, "good", "RETIRED", "version 1 is", "not readable");
    it.box(
        182, 216, 456, 56, "bad", "ABORTED",
        "as before; possible while no consumer uses version 2");
    it.arrow(128, 99, 182, 99);
    it.label(155, 56, "announce");
    it.arrow(298, 99, 352, 99);
    it.label(325, 56, "activate");
    it.arrow(468, 99, 522, 99);
    it.label(495, 56, "close");
    it.arrow(638, 86, 692, 86);
    it.label(665, 56, "retire");
    it.arrow(692, 114, 638, 114);
    it.labelFrom(665, 154, "restore, up to 14 days");
    it.arrow(70, 64, 70, 28, 410, 28, 410, 64);
    it.label(240, 21, "activate, and announce later");
    it.arrow(70, 134, 70, 244, 182, 244);
    it.labelFrom(79, 196, "abort");
    it.arrow(240, 134, 240, 216);
    it.arrow(410, 134, 410, 216);
    it.arrow(580, 134, 580, 216);
    return it;
  }

  private static SvgDrawing terminal(List<String> lines) {
    int columns = 92;
    int height = 19;
    SvgDrawing it =
        new SvgDrawing(
            columns * 8 + 48,
            lines.size() * height + 64,
            "The first publish in a terminal",
            "A file with semicolons, decimal commas, and German dates becomes a product. The row"
                + " that breaks its contract is quarantined; the others are read.");
    it.raw("<circle cx=\"24\" cy=\"22\" r=\"5\" class=\"dot\"/>");
    it.raw("<circle cx=\"42\" cy=\"22\" r=\"5\" class=\"dot\"/>");
    it.raw("<circle cx=\"60\" cy=\"22\" r=\"5\" class=\"dot\"/>");
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.length() > columns) {
        line = line.substring(0, columns - 1) + "…";
      }
      String style =
          line.startsWith("$ ") ? "mono strong" : line.startsWith("{") ? "mono soft" : "mono";
      if (!line.isBlank()) {
        it.text(24, 60 + i * height, "start", style, line);
      }
    }
    return it;
  }

  // -- How they are drawn --

  /** Whose colors a picture has. */
  private enum Scheme {
    LIGHT,
    DARK,
    /** Those of the reader's system. */
    BOTH
  }

  private static final Map<String, List<String>> COLORS = new LinkedHashMap<>();

  static {
    COLORS.put(".ground{fill:%s}", List.of("#ffffff", "#12161b"));
    COLORS.put(".group{fill:%s}", List.of("#f6f7f9", "#1b2129"));
    COLORS.put(".box{fill:%s}", List.of("#ffffff", "#12161b"));
    COLORS.put(".box,.edge,.head{stroke:%s}", List.of("#7a828c", "#76808c"));
    COLORS.put(".head{fill:%s}", List.of("#7a828c", "#76808c"));
    COLORS.put(".accent{fill:%s}", List.of("#e6effa", "#1a2c42"));
    COLORS.put(".accent{stroke:%s}", List.of("#0b57b0", "#7db7ff"));
    COLORS.put(".good{fill:%s}", List.of("#e3f3e7", "#17301f"));
    COLORS.put(".good{stroke:%s}", List.of("#136c2e", "#6fd08c"));
    COLORS.put(".bad{fill:%s}", List.of("#fcefdc", "#352813"));
    COLORS.put(".bad{stroke:%s}", List.of("#8a4b00", "#f0b45a"));
    COLORS.put("text{fill:%s}", List.of("#1b1f24", "#e8ecf1"));
    COLORS.put("text.soft{fill:%s}", List.of("#545d68", "#a9b3bf"));
    COLORS.put(".dot{fill:%s}", List.of("#dfe3e8", "#313a45"));
  }

  /** Shapes and texts on a ground. */
  private static final class SvgDrawing {
    /** The height of a line of text. */
    private static final int LINE = 18;

    private final int width;
    private final int height;
    private final String title;
    private final String description;
    private final List<String> elements = new ArrayList<>();

    SvgDrawing(int width, int height, String title, String description) {
      this.width = width;
      this.height = height;
      this.title = title;
      this.description = description;
    }

    void raw(String element) {
      elements.add(element);
    }

    void group(int x, int y, int w, int h, String name) {
      rectangle(x, y, w, h, "group", 12);
      text(x + w / 2, y - 12, "middle", "strong", name);
    }

    void box(int x, int y, int w, int h, String tone, String head, String... lines) {
      rectangle(x, y, w, h, ("box " + tone).strip(), 8);
      int first = y + h / 2 + 5 - lines.length * 9;
      text(x + w / 2, first, "middle", "strong", head);
      label(x + w / 2, first + LINE, lines);
    }

    /** Writes lines that are centered on a place. */
    void label(int x, int y, String... lines) {
      for (int i = 0; i < lines.length; i++) {
        text(x, y + LINE * i, "middle", "soft", lines[i]);
      }
    }

    /** Writes a line that starts at a place. */
    void labelFrom(int x, int y, String line) {
      text(x, y, "start", "soft", line);
    }

    private void rectangle(int x, int y, int w, int h, String style, int radius) {
      raw(
          String.format(
              "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"%d\" class=\"%s\"/>",
              x, y, w, h, radius, style));
    }

    /** Draws a line through points that ends in a head. */
    void arrow(int... points) {
      raw("<path class=\"edge\" marker-end=\"url(#head)\" d=\"" + path(points) + "\"/>");
    }

    void line(int... points) {
      raw("<path class=\"edge\" d=\"" + path(points) + "\"/>");
    }

    /** Draws a dashed line down. */
    void tick(int x, int from, int to) {
      raw("<path class=\"edge\" stroke-dasharray=\"4 4\" d=\"" + path(x, from, x, to) + "\"/>");
    }

    private static String path(int... points) {
      StringBuilder path = new StringBuilder();
      for (int i = 0; i < points.length; i += 2) {
        path.append(i == 0 ? "M" : "L").append(points[i]).append(' ').append(points[i + 1]);
      }
      return path.toString();
    }

    void text(int x, int y, String anchor, String style, String text) {
      raw(
          String.format(
              "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" class=\"%s\">%s</text>",
              x, y, anchor, style, escaped(text)));
    }

    String svg(Scheme scheme) {
      StringBuilder svg = new StringBuilder();
      svg.append(
          String.format(
              "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\""
                  + " height=\"%d\" role=\"img\" aria-labelledby=\"title desc\">%n",
              width, height, width, height));
      svg.append("<title id=\"title\">").append(escaped(title)).append("</title>\n");
      svg.append("<desc id=\"desc\">").append(escaped(description)).append("</desc>\n");
      svg.append("<style>\n");
      svg.append("text{font:14px system-ui,-apple-system,'Segoe UI','DejaVu Sans',sans-serif}\n");
      svg.append(".strong{font-weight:600}.soft{font-size:13px}\n");
      svg.append(".mono{font:13px ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;");
      svg.append("white-space:pre}.mono.strong{font-weight:600}\n");
      svg.append(".edge{fill:none;stroke-width:1.5}.box{stroke-width:1.25}\n");
      svg.append(colors(scheme == Scheme.DARK ? 1 : 0));
      if (scheme == Scheme.BOTH) {
        svg.append("@media (prefers-color-scheme:dark){\n").append(colors(1)).append("}\n");
      }
      svg.append("</style>\n");
      svg.append("<defs><marker id=\"head\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\"");
      svg.append(" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\">");
      svg.append("<path class=\"head\" d=\"M0 0L8 4L0 8z\"/></marker></defs>\n");
      svg.append(
          String.format(
              "<rect width=\"%d\" height=\"%d\" rx=\"12\" class=\"ground\"/>%n", width, height));
      elements.forEach(element -> svg.append(element).append('\n'));
      return svg.append("</svg>\n").toString().replace("\r\n", "\n");
    }

    private static String colors(int scheme) {
      StringBuilder rules = new StringBuilder();
      COLORS.forEach(
          (rule, colors) -> rules.append(rule.replace("%s", colors.get(scheme))).append('\n'));
      return rules.toString();
    }

    private static String escaped(String text) {
      return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
  }

  /** Writes a screen with 256 of its colors; the others become the nearest of these. */
  private static void shrink(Path from, Path to) throws IOException {
    BufferedImage screen = ImageIO.read(from.toFile());
    int width = screen.getWidth();
    int height = screen.getHeight();
    int[] pixels = screen.getRGB(0, 0, width, height, null, 0, width);
    Map<Integer, Integer> counts = new TreeMap<>();
    for (int pixel : pixels) {
      counts.merge(pixel, 1, Integer::sum);
    }
    int[] palette = palette(counts);
    Map<Integer, Byte> indexes = new HashMap<>();
    byte[] indexed = new byte[pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      indexed[i] = indexes.computeIfAbsent(pixels[i], pixel -> (byte) nearest(palette, pixel));
    }
    IndexColorModel colors =
        new IndexColorModel(8, palette.length, palette, 0, false, -1, DataBuffer.TYPE_BYTE);
    BufferedImage small =
        new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, colors);
    small.getRaster().setDataElements(0, 0, width, height, indexed);
    ImageIO.write(small, "png", to.toFile());
  }

  /** Returns the most frequent colors, and of the others those that differ most from them. */
  private static int[] palette(Map<Integer, Integer> counts) {
    List<Integer> kept =
        counts.entrySet().stream()
            .sorted(Map.Entry.<Integer, Integer>comparingByValue().reversed())
            .limit(MOST_COLORS - RARE_COLORS)
            .map(Map.Entry::getKey)
            .collect(Collectors.toCollection(ArrayList::new));
    while (kept.size() < Math.min(MOST_COLORS, counts.size())) {
      int[] palette = kept.stream().mapToInt(Integer::intValue).toArray();
      kept.add(
          counts.keySet().stream()
              .max(Comparator.comparing(color -> distance(palette[nearest(palette, color)], color)))
              .orElseThrow());
    }
    return kept.stream().mapToInt(Integer::intValue).toArray();
  }

  private static int nearest(int[] palette, int pixel) {
    int best = 0;
    for (int i = 1; i < palette.length; i++) {
      if (distance(palette[i], pixel) < distance(palette[best], pixel)) {
        best = i;
      }
    }
    return best;
  }

  private static int distance(int one, int other) {
    int distance = 0;
    for (int shift = 0; shift < 24; shift += 8) {
      int part = (one >> shift & 0xff) - (other >> shift & 0xff);
      distance += part * part;
    }
    return distance;
  }
}
