package io.meshwork.cli.internal.shell;

import io.meshwork.maintenance.Maintain;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.maintenance.Mirrors;
import java.util.Locale;
import java.util.StringJoiner;

/**
 * Writes a report of maintenance or mirrors as one line of JSON, with a number for each kind of
 * work.
 */
public final class MaintenanceLine {
  private MaintenanceLine() {}

  public static String of(Maintain.Report report) {
    StringJoiner line = new StringJoiner(",", "{", "}");
    for (Work work : Work.values()) {
      line.add("\"" + name(work) + "\":" + report.total(work));
    }
    return line.add("\"left\":" + report.remaining().size()).toString();
  }

  public static String of(Mirrors.Report report) {
    StringJoiner line = new StringJoiner(",", "{", "}");
    for (Mirrors.Report.Work work : Mirrors.Report.Work.values()) {
      line.add("\"" + name(work) + "\":" + report.total(work));
    }
    return line.add("\"byHand\":" + report.byHand().size())
        .add("\"left\":" + report.remaining().size())
        .toString();
  }

  /** Returns {@code filesCompacted} for {@code FILES_COMPACTED}. */
  public static String name(Enum<?> work) {
    StringBuilder name = new StringBuilder();
    for (String word : work.name().toLowerCase(Locale.ROOT).split("_", -1)) {
      name.append(
          name.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
    }
    return name.toString();
  }
}
