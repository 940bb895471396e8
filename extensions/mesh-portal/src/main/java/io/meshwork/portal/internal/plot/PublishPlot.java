package io.meshwork.portal.internal.plot;

import io.meshwork.portal.internal.plot.Plot.Bar;
import io.meshwork.portal.internal.plot.Plot.Hover;
import io.meshwork.portal.internal.plot.Plot.Line;
import io.meshwork.portal.internal.plot.Plot.Tick;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Draws what each publish brought, one next to the other: its rows, or the score of its rows. */
public final class PublishPlot {
  private static final int MOST_LABELS = 5;
  private static final int WIDEST_BAR = 44;

  private final List<Publish> publishes;
  private final double slot;
  private final List<Bar> bars = new ArrayList<>();
  private final List<Line> lines = new ArrayList<>();
  private final List<Hover> hovers = new ArrayList<>();

  private PublishPlot(List<Publish> publishes) {
    this.publishes = publishes;
    this.slot = 1.0 / publishes.size();
  }

  /**
   * A publish.
   *
   * @param at when
   * @param accepted the rows that were published
   * @param quarantined the rows that were quarantined
   */
  public record Publish(Instant at, long accepted, long quarantined) {
    /** Returns the accepted rows in percent of the offered ones; 100 if none was offered. */
    double score() {
      long offered = accepted + quarantined;
      return offered == 0 ? 100 : 100.0 * accepted / offered;
    }
  }

  /**
   * Draws the rows of publishes as bars, with the quarantined rows on top.
   *
   * @param publishes oldest first
   */
  public static Plot ofRows(List<Publish> publishes) {
    return publishes.isEmpty() ? Plot.without("No publish yet") : new PublishPlot(publishes).rows();
  }

  /**
   * Draws the scores of publishes as a line.
   *
   * @param publishes oldest first
   */
  public static Plot ofScores(List<Publish> publishes) {
    return publishes.isEmpty()
        ? Plot.without("No publish yet")
        : new PublishPlot(publishes).scores();
  }

  private Plot rows() {
    long most =
        publishes.stream().mapToLong(each -> each.accepted() + each.quarantined()).max().orElse(0);
    Axes axes = new Axes(Ticks.counts(most));
    for (int i = 0; i < publishes.size(); i++) {
      Publish publish = publishes.get(i);
      int left = left(i);
      int top = axes.y(publish.accepted());
      bars.add(new Bar("value", left, top, width(), Plot.BOTTOM - top));
      if (publish.quarantined() > 0) {
        int end = Math.min(axes.y(publish.accepted() + publish.quarantined()), top - 2);
        bars.add(new Bar("late", left, end, width(), top - end));
      }
      hover(
          i,
          String.format(
              Locale.ROOT, "%,d rows, %,d quarantined", publish.accepted(), publish.quarantined()));
    }
    return plot(axes);
  }

  private Plot scores() {
    Axes axes =
        new Axes(Ticks.percents(publishes.stream().mapToDouble(Publish::score).min().orElse(0)));
    StringBuilder path = new StringBuilder();
    StringBuilder marks = new StringBuilder();
    for (int i = 0; i < publishes.size(); i++) {
      int x = middle(i);
      int y = axes.y(publishes.get(i).score());
      path.append(i == 0 ? "M" : "L").append(x).append(" ").append(y);
      marks.append("M").append(x).append(" ").append(y).append("h0");
      hover(i, String.format(Locale.ROOT, "%.1f %%", publishes.get(i).score()));
    }
    lines.add(new Line("value", path.toString()));
    lines.add(new Line("mark", marks.toString()));
    return plot(axes);
  }

  private Plot plot(Axes axes) {
    return new Plot("", across(), axes.up(), bars, lines, List.of(), hovers);
  }

  /** Labels publishes at equal distances, from the newest one back, each day once. */
  private List<Tick> across() {
    int step = (publishes.size() + MOST_LABELS - 1) / MOST_LABELS;
    boolean oneDay =
        Ticks.day(publishes.get(0).at())
            .equals(Ticks.day(publishes.get(publishes.size() - 1).at()));
    List<Tick> ticks = new ArrayList<>();
    for (int i = publishes.size() - 1; i >= 0; i -= step) {
      Instant at = publishes.get(i).at();
      String label = oneDay ? Ticks.hour(at) : Ticks.day(at);
      if (ticks.isEmpty() || !ticks.get(ticks.size() - 1).label().equals(label)) {
        ticks.add(new Tick(middle(i), label));
      }
    }
    return ticks;
  }

  private void hover(int index, String text) {
    Instant at = publishes.get(index).at();
    int left = Axes.x(index * slot);
    hovers.add(
        new Hover(
            left,
            Axes.x((index + 1) * slot) - left,
            Ticks.day(at) + " " + Ticks.hour(at) + ": " + text));
  }

  private int middle(int index) {
    return Axes.x((index + 0.5) * slot);
  }

  private int left(int index) {
    return middle(index) - width() / 2;
  }

  private int width() {
    return (int) Math.max(2, Math.min(WIDEST_BAR, (Axes.x(slot) - Plot.LEFT) * 0.7));
  }
}
