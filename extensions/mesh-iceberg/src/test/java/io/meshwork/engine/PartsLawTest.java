package io.meshwork.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.contract.OnViolation;
import io.meshwork.contract.QualityReport.RuleResult;
import io.meshwork.contract.Rule;
import io.meshwork.engine.DistributedLawTest.Replacement;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.condition.RuleCondition.Unique;
import io.meshwork.internal.contract.RuleConditions;
import io.meshwork.internal.ingest.IngestedPart;
import io.meshwork.internal.ingest.JoinedParts;
import io.meshwork.internal.ingest.PartCorrection;
import io.meshwork.internal.ingest.PartQuarantine;
import io.meshwork.internal.ingest.RowIngestion;
import io.meshwork.internal.ingest.RowIngestion.PublishedFiles;
import io.meshwork.internal.ingest.RowIngestion.Target;
import io.meshwork.internal.ingest.RowInput;
import io.meshwork.internal.majors.ColumnMap.Direction;
import io.meshwork.internal.publish.run.MajorConversion;
import io.meshwork.internal.quality.OwnReferences;
import io.meshwork.internal.quality.PendingRule;
import io.meshwork.internal.quality.PublishVerdict;
import io.meshwork.internal.quality.RuleContext;
import io.meshwork.internal.rows.RecordShredders;
import io.meshwork.internal.rows.RowNumber;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.ProgressMeter;
import io.meshwork.publish.PublishReceipt.PublishMode;
import io.meshwork.testkit.InMemoryMesh;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.iceberg.Schema;
import org.apache.iceberg.io.SupportsPrefixOperations;
import org.junit.jupiter.api.Test;

/**
 * For random contracts and rows, parts that are checked and written one by one, and then joined,
 * have the verdict, the rows, and the quarantine of the same rows in one ingestion. The tables have
 * files and no commits, so that a case costs little; {@code DistributedLawTest} is the same law
 * from the request to the receipt.
 */
class PartsLawTest {
  private static final int CASES =
      Integer.getInteger("mesh.law.parts", Boolean.getBoolean("mesh.tests.sampled") ? 400 : 2_000);

  /** Cases of one product: rows of earlier ones may be those of its table. */
  private static final int PUBLISHES = 8;

  /** Each build has other products, by its seed. */
  private static final int FIRST_SEED =
      Integer.getInteger(
          "mesh.law.seed",
          Math.floorMod(Integer.getInteger("mesh.tests.seed", 0), 50) * (CASES / PUBLISHES));

  private static final MeshAction ACTION = MeshAction.of(Verb.PUBLISH, RandomProduct.ITSELF);
  private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

  /** Rows that wait for the end of the input, which depends on batches, are counted last. */
  private static final Pattern ROW_OF_KEY =
      Pattern.compile("in row \\d+, which has the key of row \\d+");

  /** Which row is the first one depends on their order. */
  private static final Pattern FIRST_ROW =
      Pattern.compile("first in row \\d+(, (whose|which) [^.]*)?");

  private static final Pattern NUMBER_IN_TASK = Pattern.compile("(\\d+) of task (\\d+)");

  private final SupportsPrefixOperations files = (SupportsPrefixOperations) InMemoryMesh.files();
  private int accepted;
  private int corrected;
  private int dealt;
  private int dealtAndCorrected;

  @Test
  void joinedPartsAreOneIngestionOfAllRows() {
    int products = Math.max(1, CASES / PUBLISHES);
    for (int seed = FIRST_SEED; seed < FIRST_SEED + products; seed++) {
      Case product = new Case(seed);
      for (int publish = 0; publish < PUBLISHES; publish++) {
        product.publish(publish);
      }
      product.tables.forEach(RowTable::delete);
    }
    if (CASES >= 1_000) { // of a few publishes, such as a reproduced failure, the share says little
      assertThat(accepted).isBetween(CASES / 3, CASES * 9 / 10);
      assertThat(corrected).isGreaterThan(CASES / 20);
      assertThat(dealt).isGreaterThan(CASES / 20);
      assertThat(dealtAndCorrected).isGreaterThan(CASES / 200);
    }
  }

  /** What an ingestion did in each major version, or the parts together. */
  private record Outcome(List<RowIngestion.Result> results, List<Target> targets)
      implements AutoCloseable {
    boolean isAccepted() {
      return results.stream()
          .noneMatch(each -> each.verdict().refused() || each.outsideScope().isPresent());
    }

    @Override
    public void close() {
      results.forEach(RowIngestion.Result::close);
    }
  }

  /**
   * Which rows each task has, by their positions among all rows.
   *
   * @param ordered true if those of a task are before those of the next one
   */
  private record Deal(List<List<Integer>> ofTasks, boolean ordered) {
    static Deal slices(int rows, int tasks) {
      List<List<Integer>> all = new ArrayList<>();
      for (int task = 0; task < tasks; task++) {
        int end = rows * (task + 1) / tasks;
        all.add(IntStream.range(rows * task / tasks, end).boxed().toList());
      }
      return new Deal(all, true);
    }

    /** As a shuffle of the engine deals them. */
    static Deal shuffled(int rows, int tasks, Random random) {
      List<Integer> positions = new ArrayList<>(IntStream.range(0, rows).boxed().toList());
      Collections.shuffle(positions, random);
      List<List<Integer>> all = new ArrayList<>();
      for (int task = 0; task < tasks; task++) {
        all.add(new ArrayList<>());
      }
      positions.forEach(row -> all.get(random.nextInt(tasks)).add(row));
      return new Deal(all, false);
    }

    List<Map<String, Object>> ofTask(int task, List<Map<String, Object>> rows) {
      return ofTasks.get(task).stream().map(rows::get).toList();
    }

    /** The number of a row among all rows, from 1, for its number in a task. */
    long number(int task, long row) {
      return ofTasks.get(task).get(Math.toIntExact(row) - 1) + 1L;
    }
  }

  /** One random product, to which rows are published several times. */
  private final class Case {
    private final int seed;
    private final Random random;
    private final RandomProduct product;
    private final List<RowTable> tables = new ArrayList<>();
    private final OnViolation policy;
    private int number;

    Case(int seed) {
      this.seed = seed;
      this.random = new Random(seed);
      this.product = new RandomProduct(random);
      List<RowTable> ascending = RowTable.of(product, files);
      tables.add(ascending.get(product.leading - 1));
      ascending.stream().filter(table -> table != tables.get(0)).forEach(tables::add);
      this.policy =
          tables.stream().anyMatch(each -> each.contract().onViolation() == OnViolation.REJECT)
              ? OnViolation.REJECT
              : OnViolation.QUARANTINE;
    }

    void publish(int publish) {
      List<Map<String, Object>> rows =
          product.rows(random.nextInt(50), random.nextInt(3) == 0 ? random.nextInt(12) : 0);
      Replacement replacement = Replacement.any(random, product.isPartitioned());
      if (random.nextInt(5) > 0) {
        rows.removeIf(row -> !replacement.mayTake(row));
      }
      if (random.nextInt(4) == 0) { // so that the keys of parts are apart
        rows.sort(Comparator.comparing(row -> (Long) row.getOrDefault("id", 0L)));
      }
      int tasks = List.of(1, 2, 3, 8).get(random.nextInt(10) / 3); // seldom 8, which cost most
      Deal deal = deal(rows, tasks, new Random(seed * 31L + publish));
      Instant newest = RandomProduct.START.plus(Duration.ofMinutes(random.nextInt(10_000)));
      long standing = random.nextLong();
      String seen =
          "seed %d, publish %d of %d rows in %d tasks, ordered %s, %s, %s"
              .formatted(seed, publish, rows.size(), tasks, deal.ordered(), replacement, product);
      int before = corrected;
      try (Outcome expected = together(rows, targets(replacement, newest, standing));
          Outcome found = inParts(rows, deal, targets(replacement, newest, standing))) {
        for (int i = 0; i < tables.size(); i++) {
          compare(
              seen,
              lines(i, expected, replacement.mode(), deal),
              lines(i, found, replacement.mode(), deal));
        }
        if (expected.isAccepted()) {
          accepted++;
          for (int i = 0; i < tables.size(); i++) {
            tables.get(i).keep(expected.results().get(i).files());
          }
        }
        if (!deal.ordered()) {
          dealt++;
          dealtAndCorrected += corrected - before;
        }
        tables.forEach(RowTable::clean);
      } catch (RuntimeException e) {
        throw new AssertionError(seen, e);
      }
    }

    /**
     * Which rows each task has: any rows in any order, if what is published does not depend on it.
     */
    private Deal deal(List<Map<String, Object>> rows, int tasks, Random choice) {
      List<Rule> deciding = decidingKeys();
      if (choice.nextInt(3) > 0
          || RandomCode.of(product).contains(RandomCode.THROWING)
          || !(deciding.isEmpty() || isForAnyOrder(deciding))) {
        return Deal.slices(rows.size(), tasks);
      }
      deciding.forEach(rule -> removeTies(rows, (Unique) RuleConditions.of(rule)));
      return Deal.shuffled(rows.size(), tasks, choice);
    }

    /** The rules by which a row loses to another one. */
    private List<Rule> decidingKeys() {
      return policy == OnViolation.REJECT
          ? List.of()
          : tables.stream()
              .flatMap(table -> table.contract().enforcedRules().stream())
              .filter(rule -> rule.kind() == Rule.Kind.UNIQUE)
              .filter(rule -> rule.severity() == Rule.Severity.ERROR)
              .toList();
    }

    /** True if a value decides which row stays: by several rules, a row that loses frees keys. */
    private boolean isForAnyOrder(List<Rule> deciding) {
      return tables.size() == 1
          && deciding.size() == 1
          && ((Unique) RuleConditions.of(deciding.get(0))).keepLatestBy() != null;
    }

    /** Removes rows with the key and the value of an earlier one, of which the first one stays. */
    private static void removeTies(List<Map<String, Object>> rows, Unique unique) {
      List<String> columns = new ArrayList<>(unique.columns());
      columns.add(unique.keepLatestBy());
      Set<List<Object>> seen = new HashSet<>();
      rows.removeIf(row -> !seen.add(new ArrayList<>(columns.stream().map(row::get).toList())));
    }

    /** Shows only the lines that differ, of which there are few among many. */
    private static void compare(String seen, List<String> expected, List<String> found) {
      if (!found.equals(expected)) {
        List<String> surplus = new ArrayList<>(found);
        expected.forEach(surplus::remove);
        List<String> missing = new ArrayList<>(expected);
        found.forEach(missing::remove);
        assertThat(surplus).as(seen).isEqualTo(missing);
      }
    }

    private List<Target> targets(Replacement replacement, Instant newest, long standing) {
      return tables.stream()
          .map(table -> table.target(replacement, newest, new Random(standing)))
          .toList();
    }

    private Outcome together(List<Map<String, Object>> rows, List<Target> targets) {
      try (RowIngestion ingestion =
          new RowIngestion(
              targets,
              names("together"),
              new RuleContext(NOW, RandomCode.onRecords(), new ZoneKeys(true)),
              progress(),
              Runnable::run,
              deadline(),
              ACTION)) {
        return new Outcome(ingestion.run(inputs(rows, targets)), targets);
      }
    }

    private Outcome inParts(List<Map<String, Object>> rows, Deal deal, List<Target> targets) {
      SortedMap<Integer, List<IngestedPart>> parts = new TreeMap<>();
      RuleContext context = new RuleContext(NOW, RandomCode.onMaps(), new ZoneKeys(true));
      for (int task = 0; task < deal.ofTasks().size(); task++) {
        parts.put(task, part(task, deal.ofTask(task, rows), ofTask(targets), context));
      }
      try (JoinedParts joined =
          new JoinedParts(parts, targets, policy, context, files, deadline(), ACTION)) {
        return new Outcome(joined.results(lost -> without(lost, parts, ofTask(targets))), targets);
      }
    }

    private List<IngestedPart> part(
        int task, List<Map<String, Object>> rows, List<Target> targets, RuleContext context) {
      try (RowIngestion ingestion =
          RowIngestion.ofPart(
              targets, names("t" + task), context, progress(), Runnable::run, deadline(), ACTION)) {
        ingestion.begin(inputs(rows, targets), RowNumber.first(task));
        boolean more = true;
        while (more) {
          more = ingestion.next();
        }
        return ingestion.endPart().stream().map(TaskThreads::sent).toList();
      }
    }

    private SortedMap<Integer, List<IngestedPart>> without(
        SortedMap<Integer, List<PartQuarantine>> rows,
        SortedMap<Integer, List<IngestedPart>> parts,
        List<Target> targets) {
      corrected++;
      SortedMap<Integer, List<IngestedPart>> corrections = new TreeMap<>();
      rows.forEach(
          (task, lost) ->
              corrections.put(
                  task,
                  PartCorrection.without(
                          lost.stream().map(TaskThreads::sent).toList(),
                          parts.get(task),
                          targets,
                          names("c" + task),
                          RuleContext.at(NOW).withOthers(new ZoneKeys(false)),
                          deadline(),
                          ACTION)
                      .stream()
                      .map(TaskThreads::sent)
                      .toList()));
      return corrections;
    }

    /** The targets as a task gets them, which does not see the rows of the table. */
    private List<Target> ofTask(List<Target> targets) {
      return IntStream.range(0, targets.size())
          .mapToObj(i -> tables.get(i).ofTask(targets.get(i)))
          .toList();
    }

    private PublishedFiles names(String unique) {
      return new PublishedFiles(policy, files, "publish", number++ + "-" + unique);
    }

    private List<RowInput> inputs(List<Map<String, Object>> rows, List<Target> targets) {
      Target leading = targets.get(0);
      Schema columns = leading.table().schema();
      RowInput source =
          RowInput.records(
              rows.iterator(),
              rows,
              RecordShredders.forRecords(leading.contract().schema(), columns, ACTION),
              columns,
              () -> {},
              ACTION);
      List<RowInput> inputs = new ArrayList<>(List.of(source));
      for (int i = 1; i < targets.size(); i++) {
        boolean newer = tables.get(i).major() > product.leading;
        inputs.add(
            new MajorConversion(
                    newer ? Direction.TO_NEWER : Direction.TO_OLDER,
                    null,
                    newer ? null : product.excluded().orElse(null))
                .of(
                    source,
                    leading.contract(),
                    columns,
                    targets.get(i).version(),
                    targets.get(i).contract(),
                    targets.get(i).table().schema(),
                    ACTION));
      }
      return inputs;
    }

    /**
     * What there is in a major version after a publish.
     *
     * @param deal the rows of each task
     */
    private List<String> lines(int major, Outcome outcome, PublishMode mode, Deal deal) {
      RowIngestion.Result result = outcome.results().get(major);
      RowTable table = tables.get(major);
      List<String> lines = new ArrayList<>();
      lines.add("outside " + result.outsideScope());
      lines.add("late " + result.late());
      lines.addAll(summary("as it is, ", result.verdict()));
      lines.addAll(summary("as the first, ", result.verdict().ofFirst()));
      for (PendingRule pending : result.verdict().pending()) {
        if (pending.rows() instanceof OwnReferences own) {
          lines.add(
              pending.rule().id() + " " + own.gap() + own.unmatched(table.batches(own.fieldIds())));
        }
      }
      lines.add("others " + table.commit(result, outcome.targets().get(major), mode));
      lines.addAll(table.rows(result.files()));
      lines.addAll(RowTable.counts(result.files()));
      lines.addAll(table.quarantined(result.quarantineFiles(), row -> number(row, deal)));
      lines.replaceAll(line -> inAll(line, deal));
      if (!deal.ordered()) {
        lines.replaceAll(line -> FIRST_ROW.matcher(line).replaceAll("first in a row"));
      }
      lines.replaceAll(line -> ROW_OF_KEY.matcher(line).replaceAll("in the row of another"));
      return lines;
    }

    /** The number of a row among all rows, from 1. */
    private static long number(long row, Deal deal) {
      int task = RowNumber.taskOf(row - 1);
      return task < 0 ? row : deal.number(task, row - RowNumber.first(task));
    }

    private static String inAll(String text, Deal deal) {
      return NUMBER_IN_TASK
          .matcher(text)
          .replaceAll(
              (MatchResult found) ->
                  Long.toString(
                      deal.number(
                          Integer.parseInt(found.group(2)), Long.parseLong(found.group(1)))));
    }
  }

  private static List<String> summary(String when, PublishVerdict verdict) {
    List<String> lines = new ArrayList<>();
    lines.add(when + verdict.refused() + " " + verdict.rejection() + " " + verdict.measures());
    lines.add(
        when
            + verdict.report().rowsOffered()
            + " offered, "
            + verdict.report().rowsAccepted()
            + " accepted, "
            + verdict.report().rowsQuarantined()
            + " quarantined, "
            + verdict.report().rowsRejected()
            + " rejected, score "
            + verdict.report().qualityScore());
    for (RuleResult rule : verdict.report().rules()) {
      lines.add(
          when
              + rule
              + " "
              + rule.evaluatedRows()
              + " "
              + rule.measure()
              + " "
              + rule.reason()
              + " "
              + rule.samples().size());
    }
    verdict.report().violations().forEach(each -> lines.add(when + line(each)));
    verdict.findings().forEach(each -> lines.add(when + line(each)));
    return lines;
  }

  private static String line(Finding finding) {
    return finding + " " + finding.count() + " " + finding.samples().size() + " " + finding.fix();
  }

  private static ProgressMeter progress() {
    return new ProgressMeter(CLOCK, (phase, done, total) -> {}, ACTION);
  }

  private static Deadline deadline() {
    return Deadline.after(CLOCK, Duration.ofHours(1));
  }
}
