package io.meshwork.cli.internal.product;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.card.Health;
import io.meshwork.card.ProductCard;
import io.meshwork.cli.ExitCode;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.StatusText;
import io.meshwork.cli.internal.shell.TerminalText;
import io.meshwork.cli.internal.shell.TextTable;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.cli.internal.verb.PlanOptions;
import io.meshwork.discovery.MeshHealth;
import io.meshwork.error.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows the health of the mesh, or of a product. */
@Command(
    name = "health",
    description = {
      "Shows what is late or broken, worst first.",
      "With --as, also shows what is pending for the domain of the account: notices that wait or are parked, by"
          + " notifier, and tables that a mirror shows in an earlier state."
    },
    exitCodeList = {
      "12:With --check, a product is late.",
      "20:With --check, none is late, and consumers read rows that break a rule. Quarantined rows do not count.",
      "21:With --check, a state is unknown, or a catalog cannot be read; nothing worse was found."
    })
public final class HealthVerb extends MeshVerb {
  @Parameters(arity = "0..1", paramLabel = "PRODUCT", description = "Default: all products")
  private @Nullable String product;

  @Option(
      names = "--check",
      description = "Exits as listed below; needs --as, because states depend on who asks")
  private boolean check;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    ObjectNode document = VerbAnswer.newDocument();
    List<Health> products;
    List<String> unreachable = List.of();
    List<Finding> findings = List.of();
    if (product == null) {
      MeshHealth health = client.health();
      document.put("at", JsonFields.time(health.at())).put("late", health.late());
      products = health.products();
      unreachable = health.unreachable();
      findings = health.findings();
    } else {
      products = List.of(client.health(product));
      document.put("at", JsonFields.time(shell().clock().instant()));
      document.put("late", products.stream().filter(Health::isLate).count());
    }
    ArrayNode array = document.putArray("products");
    products.forEach(health -> array.add(HealthDocument.of(health)));
    document.set("unreachable", JsonFields.array(unreachable));
    if (product == null) {
      document.set("findings", JsonFields.findings(findings));
    }
    List<String> lines = new ArrayList<>(table(products));
    for (Health health : products) {
      String prefix = product == null ? health.product() + ": " : "";
      HealthDocument.problems(health).forEach(problem -> lines.add(prefix + problem));
    }
    if (product != null) {
      products.forEach(health -> health.suspension().ifPresent(reads -> lines.add(line(reads))));
      products.forEach(health -> lines.addAll(rows(health)));
      products.stream().filter(Health::isForOwner).forEach(own -> lines.addAll(lines(own)));
    }
    lines.addAll(PlanOptions.findings(findings));
    unreachable.forEach(catalog -> lines.add("The catalog " + catalog + " could not be read."));
    return VerbAnswer.question(document, lines)
        .exiting(check ? exitCode(products, unreachable) : 0);
  }

  private static List<String> table(List<Health> products) {
    TextTable table =
        new TextTable(
            "PRODUCT", "STATUS", "AGE", "PROMISED", "ROWS", "WAITING", "SCORE", "CONTACT");
    for (Health health : products) {
      table.row(
          health.product(),
          StatusText.of(health.status()) + health.suspension().map(any -> ", suspended").orElse(""),
          JsonFields.text(health.freshness().age().map(StatusText::of)),
          JsonFields.text(health.freshness().promised().map(StatusText::of)),
          number(health.rows()),
          number(health.rowsWaiting()),
          health.quality().map(QualityVerb::score).orElse("–"),
          health.contact());
    }
    return table.lines("The mesh has no products.");
  }

  private static String number(OptionalLong rows) {
    return rows.isPresent() ? Long.toString(rows.getAsLong()) : "–";
  }

  /** Returns the rows of the newest publish, what their score means, and how to see others. */
  private static List<String> rows(Health health) {
    List<String> lines = new ArrayList<>();
    health
        .quality()
        .ifPresent(
            quality -> {
              lines.add("Newest publish: " + quality.rowsText() + ".");
              lines.add(QualityVerb.SCORE);
            });
    if (health.rowsWaiting().orElse(0) > 0) {
      lines.add("To see the rows that wait: mesh quarantine " + health.product());
    }
    return lines;
  }

  private static String line(ProductCard.Suspension reads) {
    return "Reads are suspended since "
        + reads.since()
        + (reads.because().isEmpty() ? "." : ": " + reads.because());
  }

  /** Returns what only the owner sees. */
  private static List<String> lines(Health health) {
    List<String> lines = new ArrayList<>();
    lines.add(
        health.notified().isEmpty()
            ? "Without a contact, a notice of lateness reaches only programs."
            : "If it is late, "
                + String.join(", ", health.notified())
                + (health.notified().size() == 1 ? " is" : " are")
                + " notified.");
    health
        .lastRefused()
        .ifPresentOrElse(
            refused -> {
              if (!refused.isLatest(health)) {
                lines.add(
                    "Last rejected publish: "
                        + refused.at()
                        + " by "
                        + refused.by()
                        + (refused.idempotencyKey().isEmpty()
                            ? ""
                            : " with the key " + refused.idempotencyKey())
                        + ". "
                        + TerminalText.of(refused.reason()));
              }
            },
            () -> lines.add("Last rejected publish: none is known."));
    return lines;
  }

  @Override
  protected boolean needsIdentity() {
    return check;
  }

  private static int exitCode(List<Health> products, List<String> unreachable) {
    if (products.stream().anyMatch(Health::isLate)) {
      return ExitCode.NOT_FRESH;
    }
    if (has(products, Health.Status.VIOLATED)) {
      return ExitCode.FINDINGS;
    }
    return unreachable.isEmpty() && !has(products, Health.Status.UNKNOWN)
        ? 0
        : ExitCode.NOT_CHECKED;
  }

  private static boolean has(List<Health> products, Health.Status status) {
    return products.stream().anyMatch(health -> health.status() == status);
  }
}
