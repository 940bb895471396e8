package io.meshwork.portal.internal.plot;

import io.meshwork.portal.internal.plot.Plot.Bar;
import io.meshwork.portal.internal.plot.Plot.Hover;
import io.meshwork.portal.internal.plot.Plot.Label;
import io.meshwork.portal.internal.plot.Plot.Line;
import io.meshwork.portal.internal.plot.Plot.Tick;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Draws how old a product was over time: the age grows until the next publish. */
public final class AgePlot {
  /** How far a label is from its side, and above its line. */
  private static final int LABEL = 6;

  /** The height of a line of text. */
  private static final int TEXT = 24;

  private static final int LEAST_LABELLED = 250;

  private final Instant from;
  private final Instant now;
  private final List<Instant> updates;
  private final Optional<Duration> promised;
  private final Axes axes;
  private final List<Line> lines = new ArrayList<>();
  private final List<Bar> bars = new ArrayList<>();
  private final List<Label> labels = new ArrayList<>();
  private final List<Hover> hovers = new ArrayList<>();

  private AgePlot(List<Instant> updates, Optional<Duration> promised, Instant from, Instant now) {
    this.from = from;
    this.now = now;
    this.updates = updates;
    this.promised = promised;
    this.axes = new Axes(Ticks.durations(most()));
  }

  /**
   * Draws the ages.
   *
   * @param updates the times of the publishes, oldest first
   * @param promised the greatest age that is promised
   * @param period how much time is shown
   * @param now the end of the time
   * @param text how a duration is written
   */
  public static Plot of(
      List<Instant> updates,
      Optional<Duration> promised,
      Duration period,
      Instant now,
      Function<Duration, String> text) {
    if (updates.isEmpty()) {
      return Plot.without("No publish yet");
    }
    AgePlot plot = new AgePlot(updates, promised, now.minus(period), now);
    return plot.draw(text);
  }

  private Plot draw(Function<Duration, String> text) {
    Instant first = updates.get(0);
    if (first.isAfter(from)) {
      bars.add(
          new Bar("unknown", Plot.LEFT, Plot.TOP, x(first) - Plot.LEFT, Plot.BOTTOM - Plot.TOP));
      if (x(first) - Plot.LEFT > LEAST_LABELLED) {
        labels.add(
            new Label(
                "end",
                x(first) - LABEL,
                Plot.BOTTOM - 2 * LABEL,
                "nothing known before " + Ticks.day(first)));
      }
    }
    StringBuilder age = new StringBuilder();
    StringBuilder late = new StringBuilder();
    for (int i = 0; i < updates.size(); i++) {
      Instant update = updates.get(i);
      Instant next = next(i);
      if (next.isBefore(from) || update.isAfter(now)) {
        continue;
      }
      Instant start = update.isBefore(from) ? from : update;
      age.append(age.isEmpty() ? "M" : "L").append(point(start, update));
      age.append("L").append(point(next, update));
      promised
          .map(update::plus)
          .filter(limit -> limit.isBefore(next))
          .map(limit -> limit.isBefore(start) ? start : limit)
          .ifPresent(
              limit ->
                  late.append("M")
                      .append(point(limit, update))
                      .append("L")
                      .append(point(next, update)));
      hovers.add(
          new Hover(
              x(start),
              Math.max(1, x(next) - x(start)),
              "published "
                  + Ticks.day(update)
                  + " "
                  + Ticks.hour(update)
                  + ", "
                  + (next.equals(now) ? "now " : "then ")
                  + text.apply(Duration.between(update, next))
                  + " old"));
    }
    promised.ifPresent(
        limit -> {
          int y = axes.y(limit.toMinutes());
          lines.add(new Line("promised", "M" + Plot.LEFT + " " + y + "H" + Plot.RIGHT));
          int above = y - LABEL;
          labels.add(
              new Label(
                  "start",
                  Plot.LEFT + LABEL,
                  above < TEXT ? y + TEXT : above,
                  "promised: " + text.apply(limit)));
        });
    lines.add(new Line("value", age.toString()));
    if (!late.isEmpty()) {
      lines.add(new Line("late", late.toString()));
    }
    return new Plot("", across(), axes.up(), bars, lines, labels, hovers);
  }

  private List<Tick> across() {
    boolean hours = Duration.between(from, now).toDays() < 2;
    return Ticks.times(from, now).stream()
        .map(at -> new Tick(x(at), hours ? Ticks.hour(at) : Ticks.day(at)))
        .toList();
  }

  private Instant next(int index) {
    Instant next = index + 1 < updates.size() ? updates.get(index + 1) : now;
    return next.isAfter(now) ? now : next;
  }

  /** Returns the greatest age within the time, or what is promised if that is more. */
  private Duration most() {
    Duration most = promised.orElse(Duration.ofHours(1));
    for (int i = 0; i < updates.size(); i++) {
      Duration age = Duration.between(updates.get(i), next(i));
      if (!next(i).isBefore(from) && age.compareTo(most) > 0) {
        most = age;
      }
    }
    return most;
  }

  private String point(Instant at, Instant update) {
    return x(at) + " " + axes.y(Duration.between(update, at).toSeconds() / 60.0);
  }

  private int x(Instant at) {
    double length = Duration.between(from, now).toSeconds();
    return Axes.x(Duration.between(from, at).toSeconds() / length);
  }
}
