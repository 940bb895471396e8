package io.meshwork.cli;

import io.meshwork.maintenance.Maintain;
import io.meshwork.maintenance.Maintain.Report.Work;
import java.util.Locale;
import java.util.StringJoiner;

/** What maintenance did, as one line of JSON: a number a kind of work, also where it is 0. */
final class UpkeepLine {
  private UpkeepLine() {}

  static String of(Maintain.Report upkeep) {
    StringJoiner line = new StringJoiner(",", "{", "}");
    for (Work work : Work.values()) {
      line.add("\"" + name(work) + "\":" + upkeep.total(work));
    }
    return line.add("\"left\":" + upkeep.left().size()).toString();
  }

  /** As {@code filesCompacted} for {@code FILES_COMPACTED}. */
  private static String name(Work work) {
    StringBuilder name = new StringBuilder();
    for (String word : work.name().toLowerCase(Locale.ROOT).split("_", -1)) {
      name.append(
          name.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
    }
    return name.toString();
  }
}
