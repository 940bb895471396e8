package io.meshwork.examples.quickstart;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.contract.Rule;
import io.meshwork.publish.PublishReceipt;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Prints the report of the quickstart, and one line for programs. */
final class QuickstartReport {
  private static final int DAYS_SHOWN = 7;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final PrintStream out;

  QuickstartReport(PrintStream out) {
    this.out = out;
  }

  void title(String text) {
    out.println(text);
    out.println();
  }

  void source(Path file, long bytes) {
    line(
        "input: %s (%,d KiB), the trips of New York's green taxis in January 2024",
        file.getFileName(), bytes / 1024);
    out.println();
  }

  void published(PublishReceipt receipt, List<Rule> rules, Duration took) {
    line("%s %s: %s", receipt.product(), receipt.contractVersion(), outcome(receipt, took));
    line("  rows offered      %,10d", receipt.quality().rowsOffered());
    line("  rows accepted     %,10d", receipt.rowsAccepted());
    line("  rows quarantined  %,10d", receipt.quality().rowsQuarantined());
    line("  rows that break each rule");
    for (Rule rule : rules) {
      line(
          "    %-26s %,8d   %s",
          rule.id(), receipt.failingRowsByRule().getOrDefault(rule.id(), 0L), rule.description());
    }
    long failures = receipt.failingRowsByRule().values().stream().mapToLong(rows -> rows).sum();
    if (failures > receipt.quality().rowsQuarantined()) {
      line("  A row can break several rules, so these add up to %,d.", failures);
    }
    line("  files %d, bytes %,d", receipt.files(), receipt.bytes());
    out.println();
  }

  void revenue(List<DailyRevenue> days) {
    line("finance/green-trip-revenue: the first %d of %d days", DAYS_SHOWN, days.size());
    line("  %-10s  %7s  %10s  %12s", "day", "trips", "miles", "revenue");
    days.stream()
        .limit(DAYS_SHOWN)
        .forEach(
            day ->
                line(
                    "  %-10s  %,7d  %,10.1f  %,12.2f",
                    day.day(), day.trips(), day.miles(), day.revenue()));
    out.println();
  }

  void replayed(PublishReceipt first, PublishReceipt second) {
    line("1,000 rows under another key: publish %s", first.publishId());
    line(
        "the same key once more:       publish %s (%s)",
        second.publishId(), second.replayed() ? "replayed, nothing was written" : "new");
    out.println();
  }

  void news(long rows) {
    line("new to finance since its last poll: %,d rows", rows);
    out.println();
  }

  void nextSteps(Path folder) {
    line("Try next:");
    line("  scripts/mesh %s log mobility/green-trips     each publish", folder);
    line("  scripts/mesh %s files mobility/green-trips   its Parquet files, to query", folder);
    line("  scripts/mesh %s doctor                       prints damage, nothing if intact", folder);
    line("  docs/writing-a-contract.md, docs/publishing.md, docs/consuming.md");
    out.println();
  }

  void result(List<PublishReceipt> publishes, BigDecimal revenue, long newsRows) {
    ObjectNode result = JSON.createObjectNode();
    result.put("product", publishes.get(0).product().toString());
    ArrayNode entries = result.putArray("publishes");
    for (PublishReceipt receipt : publishes) {
      ObjectNode entry = entries.addObject();
      entry.put("offered", receipt.quality().rowsOffered());
      entry.put("accepted", receipt.rowsAccepted());
      entry.put("quarantined", receipt.quality().rowsQuarantined());
      ObjectNode byRule = entry.putObject("byRule");
      receipt.failingRowsByRule().forEach(byRule::put);
    }
    result.put("revenue", revenue);
    result.put("newsRows", newsRows);
    out.println("RESULT " + result);
  }

  private static String outcome(PublishReceipt receipt, Duration took) {
    return receipt.replayed()
        ? "published before, at " + receipt.committedAt()
        : "published in " + took.toMillis() + " ms";
  }

  private void line(String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
  }
}
