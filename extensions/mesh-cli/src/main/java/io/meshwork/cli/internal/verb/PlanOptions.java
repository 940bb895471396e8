package io.meshwork.cli.internal.verb;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.access.AccessPlan;
import io.meshwork.access.AccessPlan.AccessChange;
import io.meshwork.card.ProductConsumer;
import io.meshwork.change.ContractPlan;
import io.meshwork.cli.ExitCode;
import io.meshwork.cli.internal.shell.FindingText;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.TerminalText;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.error.Finding;
import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import io.meshwork.publish.Onboard.OnboardPlan;
import io.meshwork.rollout.AmendTerms.TermsPlan;
import io.meshwork.rollout.EndProduct.EndPlan;
import io.meshwork.rollout.StartRollout.RolloutPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options {@code --plan} and {@code --planned} of changes that can be reviewed first. */
public class PlanOptions {
  @Option(names = "--plan", description = "Changes nothing; prints what would change")
  private boolean plan;

  @Option(
      names = "--planned",
      paramLabel = "FINGERPRINT",
      description = "Makes the change only if its plan still has this fingerprint")
  private @Nullable String planned;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec verb;

  private boolean findingsExit;
  private boolean undo;

  /** Makes {@code --plan} exit with 20 if its plan has findings other than notes. */
  public final PlanOptions exitingForFindings() {
    findingsExit = true;
    return this;
  }

  /** Makes {@code --plan} print how to undo each step. */
  public final PlanOptions withUndo() {
    undo = true;
    return this;
  }

  /** True if a plan is asked for, or a change as it was planned. */
  public final boolean isUsed() {
    return plan || planned != null;
  }

  /** Plans or makes a change, and returns what to print. */
  public final <P extends Plan<R>, R> VerbAnswer answer(
      PlannedOperation<P, R> operation, Function<R, VerbAnswer> done) {
    if (plan && planned != null) {
      throw new UsageException("Options --plan and --planned exclude each other.");
    }
    Optional<VerbAnswer> instead = answerInstead(operation);
    if (instead.isPresent()) {
      return instead.get();
    }
    if (plan) {
      return answer(operation.plan());
    }
    return done.apply(planned == null ? operation.commit() : operation.commitAsPlanned(planned));
  }

  /** Answers otherwise than with a plan or a change; empty if no option asks for that. */
  Optional<VerbAnswer> answerInstead(PlannedOperation<?, ?> operation) {
    return Optional.empty();
  }

  private VerbAnswer answer(Plan<?> plan) {
    VerbAnswer shown = shown((MeshVerb) verb.userObject(), plan, undo);
    return findingsExit && plan.isAllowed()
        ? shown.exiting(FindingList.exitCode(plan.findings()))
        : shown;
  }

  /** Returns a plan. The plan of a change that would be refused exits as the change does. */
  public static VerbAnswer shown(MeshVerb verb, Plan<?> plan) {
    return shown(verb, plan, false);
  }

  private static VerbAnswer shown(MeshVerb verb, Plan<?> plan, boolean withUndo) {
    if (plan.isAllowed()) {
      return of(plan, withUndo);
    }
    verb.shell()
        .complain(
            "The change would be refused: "
                + TerminalText.of(reasons(plan))
                + " Nothing was changed.");
    return of(plan).exiting(refusal(plan));
  }

  /** Returns the code with which the change would exit. */
  private static int refusal(Plan<?> refused) {
    if (refused instanceof OnboardPlan) {
      return ExitCode.CONTRACT_VIOLATED;
    }
    boolean isOfContract =
        refused instanceof ContractPlan
            || refused instanceof RolloutPlan
            || refused instanceof TermsPlan
            || refused instanceof EndPlan;
    return isOfContract ? ExitCode.ofRefusedContract(refused.findings()) : ExitCode.CONFLICT;
  }

  private static String reasons(Plan<?> refused) {
    return Finding.errors(refused.findings()).stream()
        .map(Finding::what)
        .collect(Collectors.joining(" "));
  }

  /** Returns a plan as a question, which changed nothing. */
  public static VerbAnswer of(Plan<?> plan) {
    return of(plan, false);
  }

  private static VerbAnswer of(Plan<?> plan, boolean withUndo) {
    ObjectNode document = VerbAnswer.newDocument("planned");
    document.set("steps", JsonFields.steps(plan));
    document.set("findings", JsonFields.findings(plan.findings()));
    JsonFields.effects(document, plan);
    document.put("fingerprint", plan.fingerprint());
    List<String> lines = lines(plan, withUndo);
    lines.add(
        plan.isEmpty()
            ? "nothing to change"
            : plan.isAllowed() ? "fingerprint " + plan.fingerprint() : "refused");
    return VerbAnswer.question(document, lines.stream().map(TerminalText::of).toList());
  }

  private static List<String> lines(Plan<?> plan, boolean withUndo) {
    List<String> lines = new ArrayList<>();
    if (plan instanceof RolloutPlan || plan instanceof EndPlan || plan instanceof TermsPlan) {
      plan.toString().lines().forEach(lines::add); // has the steps and the findings
      return lines;
    }
    for (Plan.Step step : plan.steps()) {
      lines.add(step.toString());
      if (withUndo && !step.undo().isEmpty()) {
        lines.add("  undo: " + step.undo());
      }
    }
    if (plan instanceof AccessPlan<?> access) {
      access.gains().forEach(change -> lines.add("+ " + effect(change)));
      access.losses().forEach(change -> lines.add("- " + effect(change)));
    } else if (plan instanceof ContractPlan contract) {
      lines.add("version " + contract.version() + ", " + contract.verdict());
      contract.consumers().forEach(consumer -> lines.add(effect(consumer)));
    }
    lines.addAll(findings(plan.findings()));
    return lines;
  }

  private static String effect(ProductConsumer consumer) {
    return (consumer.isSafe() ? "safe " : "breaks ")
        + consumer.name()
        + ", contact "
        + consumer.contact()
        + consumer.breaks().stream()
            .map(change -> ": " + change.what())
            .collect(Collectors.joining());
  }

  /** Returns one line for each finding. */
  public static List<String> findings(List<Finding> findings) {
    return findings.stream().map(FindingText::of).toList();
  }

  private static String effect(AccessChange change) {
    return change.who()
        + " "
        + change.permission()
        + " "
        + change.product()
        + (change.columns().isEmpty() ? "" : " (" + String.join(", ", change.columns()) + ")")
        + ": "
        + change.because();
  }
}
