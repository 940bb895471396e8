package io.meshwork.aws;

import io.meshwork.Mesh;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshException;
import io.meshwork.internal.mirror.MirrorOperations;
import io.meshwork.internal.mirror.MirrorOperations.AccountMirrorRun;
import io.meshwork.internal.mirror.MirrorOperations.AccountMirrorSteps;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.operation.Plan;
import io.meshwork.product.Principal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;

/**
 * What Lake Formation grants in an account to its roles, and the links there. The mirrors make all
 * of it, after what it depends on in the account of the catalog. So they are run, as the operator
 * of the mesh, if they have something to do in the account, and if they were run before: somebody
 * reviews their first run.
 *
 * @param roles returns what a role can do that this process may assume
 */
@NullMarked
record AccountGrants(
    AwsConfig config,
    String account,
    MeshRegistry registry,
    Function<Principal, AwsRoleCredentials> roles,
    InstantSource clock) {
  private static final String VERB = "share";
  private static final String UNDO =
      "revoke the grants in the mesh; the next run of the mirrors removes what it made";

  /** Returns true if Lake Formation decides who reads, and the account acts for a domain. */
  boolean apply() {
    return config.usesLakeFormation()
        && registry.exists()
        && registry.catalog().findAccount(account).isPresent();
  }

  /** Returns true if this process may run the mirrors, once the account acts for a domain. */
  boolean mayFollow() {
    if (!config.usesLakeFormation()) {
      return false;
    }
    try {
      return registry.isMirrored(roles.apply(operator()));
    } catch (MeshException e) {
      unlessDenied(e);
      return false;
    }
  }

  /** Returns the step for an account whose domain is registered before. */
  Plan.Step following() {
    return new Plan.Step(
        VERB,
        subject(),
        "as " + operator() + ": makes the links and grants that the mesh then has for the account",
        UNDO);
  }

  /**
   * What the mirrors would do.
   *
   * @param step what they do themselves; empty if there is nothing
   * @param byHand what an administrator does
   * @param findings what stays, and why
   * @param basis what the decision depends on
   */
  record GrantComparison(
      Optional<Plan.Step> step, List<Plan.Step> byHand, List<Finding> findings, String basis) {
    GrantComparison {
      byHand = List.copyOf(byHand);
      findings = List.copyOf(findings);
    }
  }

  /** Compares what the account has with the mesh. */
  GrantComparison plan(Duration limit) {
    return planOfMirrors(limit)
        .map(this::comparison)
        .orElseGet(() -> new GrantComparison(Optional.empty(), List.of(), List.of(), ""));
  }

  private GrantComparison comparison(AccountMirrorSteps plan) {
    List<Plan.Step> byMirrors = byMirrors(plan);
    return new GrantComparison(
        byMirrors.isEmpty() ? Optional.empty() : Optional.of(step(listed(byMirrors))),
        byHand(plan),
        plan.findings(),
        plan.all().fingerprint());
  }

  /** Creates what the account lacks. */
  void make(Duration limit, List<Plan.Step> done, List<Plan.Step> byHand, List<Finding> findings) {
    Optional<AccountMirrorSteps> planned = planOfMirrors(limit);
    if (planned.isEmpty()) {
      return;
    }
    byHand.addAll(byHand(planned.get()));
    if (byMirrors(planned.get()).isEmpty()) {
      findings.addAll(Finding.errors(planned.get().findings()));
      return;
    }
    try (Mesh mesh = open(limit)) {
      AccountMirrorRun run = MirrorOperations.commit(mesh.mirrors().timeout(limit), account);
      findings.addAll(run.left());
      if (!run.all().isEmpty()) {
        done.add(step("the mirrors did: " + counts(run.all())));
      }
    }
  }

  private static String counts(Mirrors.Report run) {
    return run.done().entrySet().stream()
        .map(
            mirror ->
                mirror.getKey()
                    + ": "
                    + mirror.getValue().entrySet().stream()
                        .map(
                            work ->
                                work.getValue()
                                    + " "
                                    + work.getKey().name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(", ")))
        .collect(Collectors.joining("; "));
  }

  private Optional<AccountMirrorSteps> planOfMirrors(Duration limit) {
    return compared(mesh -> MirrorOperations.plan(mesh.mirrors().timeout(limit), account), limit);
  }

  private static List<Plan.Step> byHand(AccountMirrorSteps plan) {
    return plan.steps().stream().filter(StepVerbs::isLeft).toList();
  }

  /** Returns what the mirrors make themselves, in each account, if some of it is in this one. */
  private static List<Plan.Step> byMirrors(AccountMirrorSteps plan) {
    return byHand(plan).size() == plan.steps().size()
        ? List.of()
        : plan.all().steps().stream().filter(step -> !StepVerbs.isLeft(step)).toList();
  }

  /** Returns what differs, and what readers that this process may assume do not get. */
  List<Finding> verify(Duration limit) {
    return compared(
            mesh -> MirrorOperations.verify(mesh.mirrors().timeout(limit), account).problems(),
            limit)
        .orElse(List.of());
  }

  /** Returns what mirrors say of the account, or why they cannot; empty if they were never run. */
  private <T> Optional<T> compared(Function<Mesh, T> question, Duration limit) {
    if (!registry.isMirrored(roles.apply(operator()))) {
      return Optional.empty();
    }
    try (Mesh mesh = open(limit)) {
      return Optional.of(question.apply(mesh));
    }
  }

  /** The mirrors act as roles that trust the operator, and readers as those of this process. */
  private Mesh open(Duration limit) {
    AwsRoleCredentials operator = roles.apply(operator());
    return Mesh.builder(
            (time, meters) -> operator.separate(role -> roles.apply(role).session(role)),
            config.root())
        .clock(clock)
        .deadline(limit)
        .open();
  }

  private Principal operator() {
    return Principal.of(config.account(), AccountRoles.OPERATOR);
  }

  private Plan.Step step(String what) {
    return new Plan.Step(VERB, subject(), "as " + operator() + ", " + what, UNDO);
  }

  private static String listed(List<Plan.Step> byMirrors) {
    return "with all that the mirrors have to do: "
        + byMirrors.stream()
            .map(step -> step.verb() + " " + step.subject())
            .collect(Collectors.joining("; "));
  }

  private String subject() {
    return "data with " + account;
  }

  private static void unlessDenied(MeshException e) {
    if (!MeshRegistry.isDenial(e)) {
      throw e;
    }
  }

  /** Returns the finding for a process that may not run the mirrors, or lacks their module. */
  Finding uncompared(MeshException e) {
    if (!AbsentMirrors.isReasonOf(e)) {
      unlessDenied(e);
    }
    return new Finding(
        FindingCode.MIRROR_UNREACHABLE,
        Finding.Severity.NOTE,
        subject(),
        "What Lake Formation grants was not compared: " + e.reason() + ".",
        0,
        List.of(),
        "Run as "
            + operator()
            + ": "
            + ShellWords.command(List.of("mesh", "mirror", "--mesh", config.address())));
  }
}
