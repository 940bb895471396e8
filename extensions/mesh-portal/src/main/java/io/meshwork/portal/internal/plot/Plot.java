package io.meshwork.portal.internal.plot;

import java.util.List;

/**
 * A plot as shapes in a box of {@link #WIDTH} by {@link #HEIGHT}. Tones are classes of the style.
 *
 * @param note what stands in the middle of the box in place of values; empty if it has values
 * @param across the ticks of the time
 * @param up the ticks of the values
 * @param bars the bars
 * @param lines the lines, the promise among them
 * @param labels strings beside the lines
 * @param hovers what a pointer shows of each value
 */
public record Plot(
    String note,
    List<Tick> across,
    List<Tick> up,
    List<Bar> bars,
    List<Line> lines,
    List<Label> labels,
    List<Hover> hovers) {
  public static final int WIDTH = 640;
  public static final int HEIGHT = 340;
  public static final int LEFT = 84;
  public static final int RIGHT = WIDTH - 36;
  public static final int TOP = 16;
  public static final int BOTTOM = HEIGHT - 48;

  public Plot {
    across = List.copyOf(across);
    up = List.copyOf(up);
    bars = List.copyOf(bars);
    lines = List.copyOf(lines);
    labels = List.copyOf(labels);
    hovers = List.copyOf(hovers);
  }

  /** Returns a plot without values, which says why. */
  public static Plot without(String note) {
    return new Plot(note, List.of(), List.of(), List.of(), List.of(), List.of(), List.of());
  }

  /**
   * A tick of an axis.
   *
   * @param at its place on the axis
   * @param label the value
   */
  public record Tick(int at, String label) {}

  /** A bar. */
  public record Bar(String tone, int x, int y, int width, int height) {}

  /**
   * A line.
   *
   * @param tone the class
   * @param path the data of its path
   */
  public record Line(String tone, String path) {}

  /** A string that starts, or ends, at a place. */
  public record Label(String anchor, int x, int y, String text) {}

  /**
   * What a pointer shows within a part of the time.
   *
   * @param x the left side
   * @param width the width
   * @param text the value with its time
   */
  public record Hover(int x, int width, String text) {}
}
