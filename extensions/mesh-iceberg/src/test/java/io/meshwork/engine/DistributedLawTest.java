package io.meshwork.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.contract.QualityReport;
import io.meshwork.contract.QualityReport.RuleResult;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshException;
import io.meshwork.product.Principal;
import io.meshwork.publish.Publish;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.publish.PublishReceipt.PublishMode;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.iceberg.util.ByteBuffers;
import org.junit.jupiter.api.Test;

/**
 * For random contracts and rows, a publish by tasks, each with a contiguous slice of the rows,
 * accepts, quarantines, measures, and rejects what a publish of all rows by the SDK does.
 */
class DistributedLawTest {
  /** A build runs one of these parts of the products, by its seed; otherwise, all are one part. */
  private static final int PARTS = Boolean.getBoolean("mesh.tests.sampled") ? 25 : 1;

  private static final int CASES_OF_PART = 2_000 / PARTS;

  /** The number of publishes. Each product gets several, so that new rows meet the table's. */
  private static final int CASES = Integer.getInteger("mesh.law.cases", CASES_OF_PART);

  private static final int PUBLISHES = 8;
  private static final int PART = Math.floorMod(Integer.getInteger("mesh.tests.seed", 0), PARTS);
  private static final int FIRST_SEED =
      Integer.getInteger("mesh.law.seed", PART * (CASES_OF_PART / PUBLISHES));
  private static final int PRODUCTS_OF_MESH = 50;

  /** A zone that stops refer to. */
  record Zone(String zone, long weight) {}

  /** What a publish left, or why there is none. */
  private record Outcome(boolean published, List<String> lines) {}

  @Test
  void tasksPublishWhatTheSdkPublishes() throws Exception {
    int published = 0;
    int products = Math.max(1, CASES / PUBLISHES);
    for (int first = 0; first < products; first += PRODUCTS_OF_MESH) {
      int last = Math.min(products, first + PRODUCTS_OF_MESH);
      published += productsWithSeeds(FIRST_SEED + first, FIRST_SEED + last);
    }
    if (CASES >= 1_000) { // of a few publishes, such as a reproduced failure, the share says little
      assertThat(published).isBetween(CASES / 3, CASES * 9 / 10);
    } else if (PARTS > 1) {
      assertThat(published).isPositive();
    }
  }

  private static int productsWithSeeds(int first, int last) throws Exception {
    String location = "memory:law-" + first;
    int published = 0;
    try (Mesh mesh = MemoryWarehouse.create(location);
        MeshCatalog catalog = new MeshCatalog();
        TaskThreads threads = new TaskThreads(catalog)) {
      catalog.initialize(
          "mesh",
          Map.of(
              "warehouse",
              location,
              "meshwork.principal",
              "mobility/spark",
              "cache-enabled",
              "false"));
      MeshClient owner = mesh.clientAs(Principal.of("mobility", "etl"));
      owner.registerDomain("mobility").owner("rides@example.org").commit();
      owner.defineProduct(RandomProduct.ZONES).contract(Contract.of(Zone.class)).commit();
      owner
          .publish(RandomProduct.ZONES)
          .records(List.of(new Zone("z0", 1), new Zone("z1", 5), new Zone("z2", 9)))
          .commit();
      for (int seed = first; seed < last; seed++) {
        try {
          published += new Case(location, owner, threads, seed).run();
        } catch (AssertionError | RuntimeException e) {
          throw new AssertionError("seed " + seed, e);
        }
      }
      assertThat(mesh.doctor().problems()).isEmpty();
    } finally {
      MemoryWarehouse.remove(location);
    }
    return published;
  }

  /** One random product, which is published to several times. */
  private static final class Case {
    private final String mesh;
    private final MeshClient owner;
    private final TaskThreads threads;
    private final int seed;
    private final Random random;
    private final RandomProduct product;
    private final String bySdk;
    private final String byTasks;

    Case(String mesh, MeshClient owner, TaskThreads threads, int seed) {
      this.mesh = mesh;
      this.owner = owner;
      this.threads = threads;
      this.seed = seed;
      this.random = new Random(seed);
      this.product = new RandomProduct(random);
      this.bySdk = product.define(owner, "sdk" + seed);
      this.byTasks = product.define(owner, "tasks" + seed);
    }

    int run() {
      int published = 0;
      for (int i = 0; i < PUBLISHES; i++) {
        List<Map<String, Object>> rows =
            product.rows(random.nextInt(50), random.nextInt(3) == 0 ? random.nextInt(12) : 0);
        Replacement replacement = Replacement.any(random, product.isPartitioned());
        if (random.nextInt(5) > 0) {
          rows.removeIf(row -> !replacement.mayTake(row));
        }
        int tasks = List.of(1, 3, 8).get(random.nextInt(5) / 2);
        String seen =
            "seed "
                + seed
                + ", publish "
                + i
                + " of "
                + rows.size()
                + " rows in "
                + tasks
                + " tasks, "
                + replacement
                + ", "
                + product;
        Outcome expected = bySdk(rows, replacement);
        int files = expected.published() ? 0 : MemoryWarehouse.dataFiles(mesh);
        Outcome found = byTasks(rows, tasks, replacement);
        assertThat(found.lines()).as(seen).isEqualTo(expected.lines());
        if (!found.published()) {
          assertThat(MemoryWarehouse.dataFiles(mesh)).as(seen).isEqualTo(files);
        }
        if (found.published() && replacement != Replacement.NONE) { // added rows stay until the end
          compareTables(seen);
        }
        published += found.published() ? 1 : 0;
      }
      String end = "seed " + seed + " " + product;
      compareTables(end);
      for (int major = 1; major <= product.majors(); major++) {
        assertThat(quarantined(byTasks, major)).as(end).isEqualTo(quarantined(bySdk, major));
      }
      return published;
    }

    private void compareTables(String seen) {
      for (int major = 1; major <= product.majors(); major++) {
        assertThat(published(byTasks, major)).as(seen).isEqualTo(published(bySdk, major));
      }
    }

    private Outcome bySdk(List<Map<String, Object>> rows, Replacement replacement) {
      try {
        Publish<?> publish = owner.publish(bySdk).majorVersion(product.leading).allowEmpty();
        for (RandomCode code : RandomCode.of(product)) {
          publish.customRule(code.text(), code.version(), code::isValid);
        }
        return outcome(bySdk, replacement.bySdk(publish).records(rows).commit());
      } catch (MeshException e) {
        return outcome(e);
      }
    }

    private Outcome byTasks(List<Map<String, Object>> rows, int tasks, Replacement replacement) {
      EnginePublish.Additions additions = new EnginePublish.Additions();
      for (RandomCode code : RandomCode.of(product)) {
        additions.customRule(code.text(), code.version(), code::isValid);
      }
      try {
        return outcome(
            byTasks,
            threads.publish(
                byTasks, product.leading, rows, tasks, replacement.options(), additions));
      } catch (MeshException e) {
        return outcome(e);
      }
    }

    private Outcome outcome(String name, PublishReceipt receipt) {
      List<String> lines = new ArrayList<>();
      lines.add(receipt.mode() + " " + receipt.rowsAccepted() + " late " + receipt.lateRows());
      lines.add("health " + owner.health(name).status());
      lines.addAll(summary(receipt.quality()));
      return new Outcome(true, lines);
    }

    private static Outcome outcome(MeshException e) {
      List<String> lines = new ArrayList<>(List.of(e.errorCode().toString()));
      e.findings().forEach(each -> lines.add(line(each)));
      if (lines.size() == 1) {
        lines.add(String.valueOf(e.reason()));
      }
      return new Outcome(false, lines);
    }

    private List<String> published(String name, int major) {
      try (Rows<Map<String, Object>> rows = owner.read(name).majorVersion(major).asMaps().rows()) {
        return rows.stream().map(DistributedLawTest::text).sorted().toList();
      }
    }

    private List<String> quarantined(String name, int major) {
      try (Rows<Map<String, Object>> rows =
          owner.quarantine(name).majorVersion(major).asMaps().rows()) {
        return rows.stream()
            .map(row -> row.get("rules") + " " + row.get("reason") + " " + row.get("row"))
            .sorted()
            .toList();
      }
    }
  }

  /** A value with the contents of bytes, which may be in rows, lists, and maps. */
  private static String text(Object value) {
    if (value instanceof ByteBuffer bytes) {
      return HexFormat.of().formatHex(ByteBuffers.toByteArray(bytes));
    } else if (value instanceof List<?> list) {
      return list.stream().map(DistributedLawTest::text).toList().toString();
    } else if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(entry -> entry.getKey() + "=" + text(entry.getValue()))
          .toList()
          .toString();
    }
    return String.valueOf(value);
  }

  private static List<String> summary(QualityReport report) {
    List<String> lines = new ArrayList<>();
    lines.add(
        report.rowsOffered()
            + " offered, "
            + report.rowsAccepted()
            + " accepted, "
            + report.rowsQuarantined()
            + " quarantined, "
            + report.rowsRejected()
            + " rejected, score "
            + report.qualityScore());
    for (RuleResult rule : report.rules()) {
      // The age of rows is not the same in two publishes.
      Object measure =
          rule.text().startsWith("fresh") ? rule.measure().isPresent() : rule.measure();
      lines.add(
          rule.ruleId()
              + " "
              + rule.outcome()
              + " "
              + rule.failingRows()
              + " of "
              + rule.evaluatedRows()
              + " "
              + measure
              + " "
              + rule.samples().size());
    }
    report.violations().forEach(each -> lines.add(line(each)));
    return lines;
  }

  private static String line(Finding finding) {
    return finding.code() + " " + finding.where() + " " + finding.count();
  }

  /** Which rows a publish replaces. */
  enum Replacement {
    NONE(Map.of()),
    PARTITIONS(Map.of(EnginePublish.REPLACE, "partitions")),
    ALL(Map.of(EnginePublish.REPLACE, "all")),
    WHERE(Map.of(EnginePublish.REPLACE_WHERE, "id >= 2 and day < DATE '2024-12-01'")),
    SOME_WHERE(Map.of(EnginePublish.REPLACE_WHERE, "id < 20"));

    private final Map<String, String> options;

    Replacement(Map<String, String> options) {
      this.options = options;
    }

    static Replacement any(Random random, boolean partitioned) {
      Replacement any = random.nextInt(5) < 3 ? NONE : values()[random.nextInt(values().length)];
      return any == PARTITIONS && !partitioned ? NONE : any;
    }

    /** Returns true if it may replace rows by this one, whose columns have values. */
    boolean mayTake(Map<String, Object> row) {
      Object id = row.get("id");
      return switch (this) {
        case WHERE -> ((LocalDate) row.get("day")).isBefore(LocalDate.of(2024, 12, 1));
        case SOME_WHERE -> id == null || (Long) id < 20;
        default -> true;
      };
    }

    PublishMode mode() {
      return switch (this) {
        case NONE -> PublishMode.APPEND;
        case PARTITIONS -> PublishMode.REPLACE_PARTITIONS;
        case ALL -> PublishMode.REPLACE_ALL;
        case WHERE, SOME_WHERE -> PublishMode.REPLACE_WHERE;
      };
    }

    /** The filter of the rows that it replaces; empty for a mode without a filter. */
    Optional<String> filter() {
      return Optional.ofNullable(options.get(EnginePublish.REPLACE_WHERE));
    }

    Map<String, String> options() {
      Map<String, String> all = new HashMap<>(options);
      all.put(EnginePublish.ALLOW_EMPTY, "true");
      return all;
    }

    <T> Publish<T> bySdk(Publish<T> publish) {
      return switch (this) {
        case NONE -> publish;
        case PARTITIONS -> publish.replacePartitions();
        case ALL -> publish.replaceAll();
        case WHERE, SOME_WHERE -> publish.replaceWhere(filter().orElseThrow());
      };
    }
  }
}
