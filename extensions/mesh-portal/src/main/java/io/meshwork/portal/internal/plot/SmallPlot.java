package io.meshwork.portal.internal.plot;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The ages of a product within a line of a list, in a box of {@link #WIDTH} by {@link #HEIGHT}.
 *
 * @param path the ages; empty without a publish
 * @param promised the height of the promise; negative without one
 */
public record SmallPlot(String path, int promised) {
  public static final int WIDTH = 100;
  public static final int HEIGHT = 24;
  private static final int MARGIN = 2;

  /** A box of this size has no room for more publishes. */
  private static final int MOST = 14;

  /**
   * Draws the ages of the last publishes.
   *
   * @param updates the times of the publishes, oldest first
   * @param promised the greatest age that is promised; zero without a promise
   * @param now the end of the time
   */
  public static SmallPlot of(List<Instant> updates, Duration promised, Instant now) {
    if (updates.isEmpty() || !updates.get(0).isBefore(now)) {
      return new SmallPlot("", -1);
    }
    List<Instant> last = updates.subList(Math.max(0, updates.size() - MOST), updates.size());
    double length = Duration.between(last.get(0), now).toSeconds();
    double most = promised.toSeconds();
    for (int i = 0; i < last.size(); i++) {
      most = Math.max(most, Duration.between(last.get(i), next(last, i, now)).toSeconds());
    }
    StringBuilder path = new StringBuilder("M0 " + (HEIGHT - MARGIN));
    for (int i = 0; i < last.size(); i++) {
      Instant next = next(last, i, now);
      int x = (int) Math.round(WIDTH * Duration.between(last.get(0), next).toSeconds() / length);
      int y = y(Duration.between(last.get(i), next).toSeconds(), most);
      path.append("L").append(x).append(" ").append(y);
      if (i + 1 < last.size()) {
        path.append("V").append(HEIGHT - MARGIN);
      }
    }
    return new SmallPlot(path.toString(), promised.isZero() ? -1 : y(promised.toSeconds(), most));
  }

  private static Instant next(List<Instant> updates, int index, Instant now) {
    return index + 1 < updates.size() ? updates.get(index + 1) : now;
  }

  private static int y(double age, double most) {
    return (int) Math.round(HEIGHT - MARGIN - age / Math.max(1, most) * (HEIGHT - 2 * MARGIN));
  }
}
