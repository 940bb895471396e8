package io.meshwork.cli.internal.upkeep;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.Mesh;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.MaintenanceLine;
import io.meshwork.cli.internal.shell.OptionTexts;
import io.meshwork.cli.internal.shell.TerminalText;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.FindingList;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.cli.internal.verb.PlanOptions;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshException;
import io.meshwork.maintenance.Maintain.Report;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.notice.Notifier;
import io.meshwork.operation.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Does what is due in a mesh, once or again and again. */
@Command(
    name = "operate",
    description = {
      "Does what is due: reminders, late products, notices, mirrors that were run before, and once a"
          + " day maintenance.",
      "Repeats it until it is stopped, unless --once is added. One process at a time does it; others"
          + " say until when. Between runs, each process on AWS also mirrors changes as soon as their"
          + " events arrive."
    },
    exitCodeList = {"20:Something could not be processed."})
public final class OperateVerb extends MeshVerb {
  /** How long a stopping process waits for its answer to be printed. */
  private static final Duration TIME_TO_PRINT = Duration.ofSeconds(5);

  /** How long a stopping process waits for events; short, because others may kill it soon. */
  private static final Duration LISTENING = Duration.ofSeconds(5);

  @Option(names = "--once", description = "Does it once; for a scheduler")
  private boolean once;

  @Option(
      names = "--within",
      paramLabel = "DURATION",
      defaultValue = "13m",
      description =
          "How long a run may take, and how long a killed one blocks others. Default: 13m")
  private String within;

  @Option(
      names = "--every",
      paramLabel = "DURATION",
      description = "From the start of a run to the next. Default: 15m")
  private @Nullable String every;

  @Option(
      names = "--to",
      paramLabel = "FOLDER|URL|eventbridge",
      description = "Where notices are delivered, as for 'deliver'. Default: none are")
  private @Nullable String target;

  @Option(names = "--name", paramLabel = "NAME", description = "The notifier, as for 'deliver'")
  private @Nullable String name;

  private final CountDownLatch stopping = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final CountDownLatch printed = new CountDownLatch(1);

  /** False if the run failed, so that no answer will be printed. */
  private volatile boolean isAnswered;

  @Override
  protected VerbAnswer answer() {
    if (once && every != null) {
      throw new UsageException("Options --once and --every exclude each other.");
    }
    if (name != null && target == null) {
      throw new UsageException("Option --name needs --to.");
    }
    Duration limit = OptionTexts.duration(within);
    Duration interval = OptionTexts.duration(every == null ? "15m" : every);
    Optional<Notifier> receiver =
        Optional.ofNullable(target).map(to -> DeliverVerb.receiver(to, location(), shell()));
    Thread stop = new Thread(this::endAfterThePresentStep);
    Runtime.getRuntime().addShutdownHook(stop);
    try (Mesh mesh =
        location()
            .open(
                builder -> receiver.map(to -> builder.notifier(notifier(), to)).orElse(builder))) {
      VerbAnswer answer = once ? answer(operate(mesh, limit)) : repeat(mesh, limit, interval);
      isAnswered = true;
      return answer;
    } finally {
      ended.countDown();
      remove(stop);
    }
  }

  private String notifier() {
    return name != null ? name : DeliverVerb.defaultName(String.valueOf(target));
  }

  private Report operate(Mesh mesh, Duration limit) {
    return mesh.operate(limit, this::isStopping);
  }

  private boolean isStopping() {
    return stopping.getCount() == 0;
  }

  /** Prints the answer of each run but the last; a registry that fails is tried again. */
  private VerbAnswer repeat(Mesh mesh, Duration limit, Duration interval) {
    while (true) {
      Instant next = shell().clock().instant().plus(interval);
      try {
        VerbAnswer answer = answer(operate(mesh, limit));
        if (isStopping()) {
          return answer;
        }
        shell().print(answer, true);
      } catch (MeshException e) {
        if (!e.retryable()) {
          throw e;
        }
        shell().complain(TerminalText.of(String.valueOf(e.getMessage())));
      }
      mirrorChangesUntil(next, mesh);
      if (isStoppedUntil(next, interval)) {
        ObjectNode document = VerbAnswer.newDocument("stopped");
        document.putArray("due");
        document.putObject("done");
        document.putArray("left");
        return VerbAnswer.change(document);
      }
    }
  }

  /**
   * Mirrors at once what the events of the mesh say, until the next run is due. A mesh without a
   * queue of them, or a role that may not read it, as in most accounts, leaves that to the runs.
   */
  private void mirrorChangesUntil(Instant next, Mesh mesh) {
    while (location().isMirrored()
        && !isStopping()
        && shell().clock().instant().plus(LISTENING).isBefore(next)) {
      try {
        Mirrors.Report report = mesh.mirrorChanges(LISTENING);
        report.remaining().stream()
            .filter(finding -> finding.severity() == Finding.Severity.ERROR)
            .forEach(finding -> shell().complain(TerminalText.of(finding.toString())));
      } catch (MeshException e) {
        if (!e.retryable() || Thread.currentThread().isInterrupted()) {
          return;
        }
        shell().complain(TerminalText.of(String.valueOf(e.getMessage())));
        if (isStoppedUntil(shell().clock().instant().plus(LISTENING), LISTENING)) {
          return;
        }
      }
    }
  }

  private boolean isStoppedUntil(Instant next, Duration interval) {
    try {
      long millis = Duration.between(shell().clock().instant(), next).toMillis();
      // A clock that was set back does not make the wait longer.
      return stopping.await(Math.min(millis, interval.toMillis()), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** Runs when the process is asked to stop; the process ends when this returns. */
  private void endAfterThePresentStep() {
    stopping.countDown();
    try {
      ended.await();
      if (isAnswered && !printed.await(TIME_TO_PRINT.toMillis(), TimeUnit.MILLISECONDS)) {
        shell().complain("The answer was not printed in time.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void remove(Thread stop) {
    try {
      Runtime.getRuntime().removeShutdownHook(stop);
    } catch (IllegalStateException e) {
      // The process is being stopped, and waits for this.
    }
  }

  private static VerbAnswer answer(Report report) {
    Optional<Finding> failure =
        report.remaining().stream()
            .filter(finding -> finding.code() == FindingCode.OPERATED_ELSEWHERE)
            .findFirst();
    ObjectNode document = VerbAnswer.newDocument(failure.isPresent() ? "skipped" : "operated");
    failure.ifPresent(finding -> document.put("until", finding.samples().get(0)));
    Map<String, Long> due = new TreeMap<>();
    report.due().stream().map(Plan.Step::verb).forEach(verb -> due.merge(verb, 1L, Long::sum));
    document.putArray("due");
    due.forEach(
        (verb, count) ->
            document.withArray("due").addObject().put("verb", verb).put("count", count));
    ObjectNode done = document.putObject("done");
    for (Report.Work kind : Report.Work.values()) {
      done.put(MaintenanceLine.name(kind), report.total(kind));
    }
    document.set("left", JsonFields.findings(report.remaining()));
    return VerbAnswer.change(
            document, PlanOptions.findings(report.remaining()).toArray(String[]::new))
        .exiting(FindingList.exitCode(report.remaining()));
  }

  @Override
  protected void afterwards(VerbAnswer answer) {
    printed.countDown();
  }

  @Override
  protected String interruption() {
    return "The present step is completed. Each piece of work was done completely or not at all. Run"
        + " it again to continue.";
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
