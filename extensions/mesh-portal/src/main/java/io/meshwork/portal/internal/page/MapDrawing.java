package io.meshwork.portal.internal.page;

import io.meshwork.portal.internal.page.MapPage.DomainNode;
import io.meshwork.portal.internal.page.MapPage.Flow;
import io.meshwork.portal.internal.text.Plural;
import io.meshwork.portal.internal.text.SampleText;
import io.meshwork.portal.internal.text.StatusBadge;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The picture of the mesh: a box for each domain, in columns that follow the flow of rows. The
 * boxes of a small mesh list its products; the boxes of a large one count them by status.
 *
 * @param width the width
 * @param height the height
 * @param boxes the domains
 * @param arrows the flows between domains
 */
record MapDrawing(int width, int height, List<Box> boxes, List<Arrow> arrows) {
  private static final int MOST_PRODUCTS = 40;
  private static final int BOX_WIDTH = 210;
  private static final int HEAD = 34;
  private static final int LINE = 22;
  private static final int FOOT = 6;
  private static final int GAP_X = 90;
  private static final int GAP_Y = 22;
  private static final int MARGIN = 10;
  private static final int MOST_CHARACTERS = 22;
  private static final int TIP = 7;

  /** The number of columns that fit on a wide screen. */
  private static final int MOST_COLUMNS = 4;

  /** Arrows that lead back run above all boxes, this far apart. */
  private static final int LANE = 10;

  MapDrawing {
    boxes = List.copyOf(boxes);
    arrows = List.copyOf(arrows);
  }

  /** A domain with its lines. */
  record Box(DomainNode domain, String label, int x, int y, int height, List<Line> lines) {
    Box {
      lines = List.copyOf(lines);
    }

    int width() {
      return BOX_WIDTH;
    }

    int right() {
      return x + BOX_WIDTH;
    }

    /** Returns where arrows start and end: at the name. */
    int middle() {
      return y + HEAD / 2;
    }
  }

  /**
   * A line in the box of a domain: a product, or how many products have a status.
   *
   * @param href the page of the product below the site; empty for a number of products
   * @param title what a pointer shows
   */
  record Line(int y, String label, StatusBadge status, String href, String title) {}

  /** An arrow between two domains. */
  record Arrow(String path, int strength, String title) {}

  static MapDrawing of(List<DomainNode> domains, List<Flow> flows) {
    boolean folded =
        domains.stream().mapToInt(domain -> domain.products().size()).sum() > MOST_PRODUCTS;
    Map<String, Integer> levels = new Levels(domains, flows).all();
    int back =
        (int)
            flows.stream()
                .filter(flow -> level(levels, flow.to()) <= level(levels, flow.from()))
                .count();
    int top = MARGIN + back * LANE + (back == 0 ? 0 : LANE);
    Map<Integer, Integer> ends = new TreeMap<>();
    Map<String, Box> boxes = new LinkedHashMap<>();
    for (DomainNode domain : domains) {
      int level = level(levels, domain.name());
      int y = ends.getOrDefault(level, top);
      Box box = box(domain, MARGIN + LANE + level * (BOX_WIDTH + GAP_X), y, folded);
      boxes.put(domain.name(), box);
      ends.put(level, y + box.height() + GAP_Y);
    }
    List<Arrow> arrows = new ArrayList<>();
    int lane = 0;
    for (Flow flow : flows) {
      Box from = boxes.get(flow.from());
      Box to = boxes.get(flow.to());
      if (from == null || to == null) {
        continue;
      }
      boolean forward = to.x() > from.x();
      arrows.add(
          new Arrow(
              forward ? forward(from, to) : back(from, to, MARGIN + lane * LANE),
              1 + Math.min(3, flow.edges() / 2),
              flow.from() + " \u2192 " + flow.to() + ": " + Plural.of(flow.edges(), "step")));
      lane += forward ? 0 : 1;
    }
    int columns = levels.values().stream().mapToInt(level -> level).max().orElse(0) + 1;
    return new MapDrawing(
        2 * (MARGIN + LANE) + columns * (BOX_WIDTH + GAP_X) - GAP_X,
        ends.values().stream().mapToInt(end -> end).max().orElse(top) - GAP_Y + MARGIN,
        List.copyOf(boxes.values()),
        arrows);
  }

  private static int level(Map<String, Integer> levels, String domain) {
    return levels.getOrDefault(domain, 0);
  }

  private static Box box(DomainNode domain, int x, int y, boolean folded) {
    List<Line> lines = new ArrayList<>();
    int line = y + HEAD + LINE / 2;
    if (folded) {
      for (IndexPage.StatusCount count : domain.counts()) {
        lines.add(
            new Line(line, count.number() + " " + count.status().word(), count.status(), "", ""));
        line += LINE;
      }
    } else {
      for (MapPage.ProductNode product : domain.products()) {
        lines.add(
            new Line(
                line,
                SampleText.shortened(product.product().name(), MOST_CHARACTERS),
                product.status(),
                product.product().page(),
                product.product() + ", " + product.status().word()));
        line += LINE;
      }
    }
    return new Box(
        domain,
        SampleText.shortened(domain.name(), MOST_CHARACTERS),
        x,
        y,
        HEAD + Math.max(1, lines.size()) * LINE + FOOT,
        lines);
  }

  private static String forward(Box from, Box to) {
    int bend = GAP_X / 2;
    return "M"
        + from.right()
        + " "
        + from.middle()
        + "C"
        + (from.right() + bend)
        + " "
        + from.middle()
        + " "
        + (to.x() - bend)
        + " "
        + to.middle()
        + " "
        + (to.x() - TIP)
        + " "
        + to.middle();
  }

  private static String back(Box from, Box to, int height) {
    int start = from.right() + LANE;
    int end = to.x() - LANE;
    return "M"
        + from.right()
        + " "
        + from.middle()
        + "H"
        + start
        + "V"
        + height
        + "H"
        + end
        + "V"
        + to.middle()
        + "H"
        + (to.x() - TIP);
  }

  /** The column of each domain: right of domains whose rows it takes, except within a cycle. */
  private static final class Levels {
    private final Map<String, Set<String>> inputs = new TreeMap<>();
    private final Map<String, Integer> levels = new HashMap<>();
    private final Set<String> open = new HashSet<>();

    Levels(List<DomainNode> domains, List<Flow> flows) {
      domains.forEach(domain -> inputs.put(domain.name(), new HashSet<>()));
      for (Flow flow : flows) {
        Set<String> domainInputs = inputs.get(flow.to());
        if (domainInputs != null && inputs.containsKey(flow.from())) {
          domainInputs.add(flow.from());
        }
      }
    }

    /** Domains without any flow are spread over the columns. */
    Map<String, Integer> all() {
      inputs.keySet().forEach(this::level);
      List<String> alone =
          inputs.keySet().stream()
              .filter(domain -> inputs.getOrDefault(domain, Set.of()).isEmpty())
              .filter(
                  domain ->
                      inputs.values().stream()
                          .noneMatch(domainInputs -> domainInputs.contains(domain)))
              .toList();
      int columns = levels.values().stream().mapToInt(level -> level + 1).max().orElse(1);
      columns = Math.max(columns, Math.min(MOST_COLUMNS, alone.size()));
      for (int i = 0; i < alone.size(); i++) {
        levels.put(alone.get(i), i % columns);
      }
      return levels;
    }

    private int level(String domain) {
      Integer done = levels.get(domain);
      if (done != null) {
        return done;
      }
      open.add(domain);
      int level = 0;
      for (String input : inputs.getOrDefault(domain, Set.of()).stream().sorted().toList()) {
        if (!open.contains(input)) {
          level = Math.max(level, level(input) + 1);
        }
      }
      open.remove(domain);
      levels.put(domain, level);
      return level;
    }
  }
}
