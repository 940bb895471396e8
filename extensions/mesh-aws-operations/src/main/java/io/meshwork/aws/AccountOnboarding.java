package io.meshwork.aws;

import io.meshwork.aws.AccountGrants.GrantComparison;
import io.meshwork.aws.AccountSetup.Template;
import io.meshwork.aws.AwsOperations.OnboardAccount;
import io.meshwork.aws.AwsOperations.Report;
import io.meshwork.aws.AwsOperations.Verification;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.BackendException;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.internal.ledger.ChangePlan;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.runtime.CommitGuard;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.Sleeper;
import io.meshwork.operation.Plan;
import io.meshwork.product.Principal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * Brings the stacks of an account to their templates, in their order, creates the mesh in its own
 * account, and registers the domain of the account. All that it knows it asks CloudFormation and
 * the registry, so that a run continues where another one stopped.
 */
@NullMarked
final class AccountOnboarding implements OnboardAccount {
  private static final String MAKE = "make";
  private static final Duration STANDARD = Duration.ofMinutes(30);

  /** Taking over what exists takes three: the bucket, what else exists, and the rest. */
  private static final int MAX_CHANGES = 4;

  private final OnboardedAccount account;
  private final Function<Principal, AwsRoleCredentials> roles;
  private final Principal self;
  private final InstantSource clock;
  private final Sleeper sleeper;
  private final MeshAction action;
  private final CommitGuard once;
  private Duration timeout = STANDARD;
  private Path folder = Path.of("");
  private Optional<AccountDomain> domain = Optional.empty();

  /**
   * Creates the operation.
   *
   * @param self the role of this process
   * @param roles returns what a role can do that this process may assume
   * @param sleeper waits for CloudFormation
   */
  AccountOnboarding(
      OnboardedAccount account,
      Principal self,
      Function<Principal, AwsRoleCredentials> roles,
      InstantSource clock,
      Sleeper sleeper) {
    this.account = account;
    this.self = self;
    this.roles = roles;
    this.clock = clock;
    this.sleeper = sleeper;
    action = MeshAction.of(Verb.UPDATE, "the account " + account.account());
    once = CommitGuard.withoutKey(action);
  }

  @Override
  public OnboardAccount timeout(Duration limit) {
    timeout = ArgumentChecks.span("timeout", limit);
    return this;
  }

  @Override
  public OnboardAccount templatesTo(Path target) {
    folder = ArgumentChecks.required("folder", target);
    return this;
  }

  @Override
  public OnboardAccount domain(String name, String owner) {
    domain =
        Optional.of(
            domainOf(NameGrammar.check("domain", name), ArgumentChecks.text("owner", owner)));
    return this;
  }

  private AccountDomain domainOf(String name, String owner) {
    AwsConfig config = account.config();
    Optional<String> place =
        account.isOfMesh()
            ? Optional.empty()
            : Optional.of("s3://" + config.bucketIn(account.account()));
    return new AccountDomain(
        config,
        name,
        owner,
        account.stewards().apply(name),
        account.account(),
        place,
        account.registry(),
        self);
  }

  @Override
  public Plan<Report> plan() {
    requireAccepted();
    return plan(inspections(inspector()));
  }

  @Override
  public Report commit() {
    return run(null);
  }

  @Override
  public Report commitAsPlanned(String fingerprint) {
    return run(ArgumentChecks.text("fingerprint", fingerprint));
  }

  @Override
  public Verification verify() {
    Verification proof = new RoleProofs(account, roles, clock).run();
    List<Finding> all = new ArrayList<>(proof.findings());
    if (grantsApply()) {
      try {
        all.addAll(grants().verify(timeout));
      } catch (MeshException e) {
        all.add(grants().uncompared(e));
      }
    }
    return new Verification(proof.proven(), all);
  }

  private StackInspector inspector() {
    return new StackInspector(
        account.deployer(),
        roles,
        self,
        new StackSteps(folder),
        sleeper,
        Deadline.after(clock, timeout));
  }

  private AccountGrants grants() {
    return new AccountGrants(account.config(), account.account(), account.registry(), roles, clock);
  }

  /** False also for who may not read the mesh. */
  private boolean grantsApply() {
    try {
      return grants().apply();
    } catch (AccessDeniedException | BackendException e) {
      unlessDenied(e);
      return false;
    }
  }

  /** Checks before anything is changed; registering checks it again, for who may not read. */
  private void requireAccepted() {
    account
        .catalogs()
        .accounts()
        .forEach(
            (name, place) -> requireOfMesh(() -> account.registry().requireCatalog(name, place)));
    domain.ifPresent(wanted -> requireOfMesh(() -> wanted.requireFree(action)));
  }

  private void requireOfMesh(Runnable check) {
    try {
      if (account.registry().exists()) {
        check.run();
      }
    } catch (AccessDeniedException | BackendException e) {
      unlessDenied(e);
    }
  }

  private List<StackInspection> inspections(StackInspector inspector) {
    List<StackInspection> all = new ArrayList<>();
    for (Template template : account.templates()) {
      all.add(
          needed(all)
              .map(awaited -> StackInspector.waiting(template, awaited))
              .orElseGet(() -> inspector.inspect(template, true)));
    }
    waitingForOthers(all).ifPresent(waiting -> all.set(0, waiting));
    return all;
  }

  private ChangePlan<Report> plan(List<StackInspection> all) {
    Optional<Plan.Step> mesh = stepOfMesh();
    Optional<Plan.Step> catalog = plannedCatalog(all.get(1));
    Optional<Plan.Step> registration =
        planned(
            stepOfDomain(
                all.get(1), catalog, mesh.filter(step -> step.verb().equals(MAKE)).isPresent()),
            catalog.isPresent());
    GrantComparison shared = sharedAfter(all.get(1), registration);
    return ChangePlan.ofWork(
        action.toString(),
        Stream.of(
                inTurn(all).flatMap(each -> each.step().stream()),
                mesh.stream(),
                catalog.stream(),
                registration.stream(),
                shared.step().stream(),
                shared.byHand().stream())
            .flatMap(steps -> steps)
            .toList(),
        Stream.concat(
                all.stream().flatMap(each -> each.findings().stream()), shared.findings().stream())
            .toList(),
        all.stream().map(StackInspection::basis).collect(Collectors.joining("\n")) + shared.basis(),
        this::commitAsPlanned);
  }

  /** Returns what the mesh shares with the account once it acts for its domain. */
  private GrantComparison sharedAfter(StackInspection stack, Optional<Plan.Step> registration) {
    AccountGrants grants = grants();
    if (registration.isPresent()) {
      boolean follows = !StepVerbs.isLeft(registration.get()) && grants.mayFollow();
      return new GrantComparison(
          Optional.of(grants.following()).filter(step -> follows), List.of(), List.of(), "");
    }
    if (stack.isLeft() || !grantsApply()) {
      return new GrantComparison(Optional.empty(), List.of(), List.of(), "");
    }
    try {
      return grants.plan(timeout);
    } catch (MeshException e) {
      return new GrantComparison(Optional.empty(), List.of(), List.of(grants.uncompared(e)), "");
    }
  }

  /**
   * Returns the stack of the account if this process leaves it incomplete and the next stacks, in
   * other accounts, have to wait for it, because they trust its roles.
   */
  private static Optional<Template> needed(List<StackInspection> earlier) {
    return earlier.size() > 1 && earlier.get(1).isLeft()
        ? Optional.of(earlier.get(1).template())
        : Optional.empty();
  }

  /** Returns the deployer if the next run still needs the rights that it loses. */
  private static Optional<StackInspection> waitingForOthers(List<StackInspection> all) {
    Template deployer = all.get(0).template();
    return all.stream()
        .skip(all.get(0).isLast() ? 1 : all.size())
        .filter(StackInspection::isLeft)
        .map(StackInspection::template)
        .filter(candidate -> candidate.account().equals(deployer.account()))
        .findFirst()
        .map(
            candidate ->
                StackInspector.waiting(
                        deployer, candidate.subject() + " may need the rights that it loses")
                    .last(true));
  }

  /** Returns stacks in the order of their changes. */
  private static Stream<StackInspection> inTurn(List<StackInspection> all) {
    return all.stream().sorted(Comparator.comparing(StackInspection::isLast));
  }

  private Report run(@Nullable String reviewed) {
    return once.run(
        () -> {
          requireAccepted();
          StackInspector inspector = inspector();
          if (reviewed == null) {
            return change(inspector, List.of());
          }
          List<StackInspection> planned = inspections(inspector);
          plan(planned).requireSame(reviewed, action);
          return change(inspector, planned);
        });
  }

  /**
   * Changes all.
   *
   * @param planned the stacks as they were reviewed; empty to inspect each in its turn
   */
  private Report change(StackInspector inspector, List<StackInspection> planned) {
    List<Plan.Step> done = new ArrayList<>();
    List<Finding> findings = new ArrayList<>();
    List<StackInspection> ends = new ArrayList<>();
    for (Template template : account.templates()) {
      Optional<Template> needed = needed(ends);
      if (needed.isPresent()) {
        ends.add(StackInspector.waiting(template, needed.get()));
      } else {
        StackInspection inspection =
            planned.isEmpty() ? inspector.inspect(template, false) : planned.get(ends.size());
        ends.add(inspection.isLast() ? inspection : change(inspector, inspection, done, findings));
      }
    }
    if (ends.get(0).isLast()) {
      StackInspection last = ends.get(0);
      ends.set(0, waitingForOthers(ends).orElseGet(() -> change(inspector, last, done, findings)));
    }
    List<Plan.Step> byHand =
        new ArrayList<>(inTurn(ends).flatMap(end -> end.step().stream()).toList());
    makeMesh(ends.get(1), done, byHand);
    Optional<Plan.Step> catalog = addCatalog(ends.get(1), done);
    catalog.ifPresent(byHand::add);
    registerDomain(ends.get(1), catalog, inspector.deadline(), done, byHand);
    if (!ends.get(1).isLeft() && grantsApply()) {
      inspector.deadline().checkTime(action, DeployedStack.DONE_STAYS);
      try {
        grants().make(inspector.deadline().left(), done, byHand, findings);
      } catch (MeshException e) {
        findings.add(grants().uncompared(e));
      }
    }
    return new Report(done, byHand, findings);
  }

  /** Changes a stack until it is as its template; returns how it is left. */
  private static StackInspection change(
      StackInspector inspector,
      StackInspection first,
      List<Plan.Step> done,
      List<Finding> findings) {
    StackInspection inspection = first;
    for (int i = 0; i < MAX_CHANGES && inspection.changes().isPresent(); i++) {
      StackInspection end = inspector.executed(inspection);
      findings.addAll(end.findings());
      if (end.isLeft()) {
        return end;
      }
      done.add(inspection.made());
      inspection = inspector.inspect(inspection.template(), false);
    }
    findings.addAll(Finding.errors(inspection.findings()));
    return inspection;
  }

  /** Returns the step that creates the mesh, in its own account, if it does not exist. */
  private Optional<Plan.Step> stepOfMesh() {
    if (!account.isOfMesh()) {
      return Optional.empty();
    }
    try {
      if (account.registry().exists()) {
        return Optional.empty();
      }
    } catch (MeshException e) {
      return Optional.of(meshByHand(unlessDenied(e)));
    }
    if (!account.catalogs().accounts().isEmpty()) {
      return Optional.of(meshByHand("it has several catalogs"));
    }
    return Optional.of(
        self.account().equals(account.account())
            ? new Plan.Step(
                MAKE,
                meshSubject(),
                "as " + self + ": writes the first documents of its registry",
                "")
            : meshByHand(self + " is a role of another account"));
  }

  private void makeMesh(StackInspection stack, List<Plan.Step> done, List<Plan.Step> byHand) {
    Optional<Plan.Step> step = stepOfMesh();
    if (step.isEmpty()) {
      return;
    }
    if (!step.get().verb().equals(MAKE)) {
      byHand.add(step.get());
    } else if (stack.isLeft()) {
      byHand.add(
          new Plan.Step(
              StepVerbs.WAIT,
              meshSubject(),
              "it needs " + stack.template().subject() + "; run this again after that",
              ""));
    } else {
      try {
        account.registry().make();
        done.add(step.get());
      } catch (MeshException e) {
        byHand.add(meshByHand(unlessDenied(e)));
      }
    }
  }

  /**
   * Returns the step that registers the domain.
   *
   * @param stack the stack of the account as it is then
   * @param catalog the step that adds the catalog of the account; empty if there is none
   * @param makesMesh true if the mesh is created before
   */
  private Optional<Plan.Step> stepOfDomain(
      StackInspection stack, Optional<Plan.Step> catalog, boolean makesMesh) {
    if (domain.isEmpty()) {
      return Optional.empty();
    }
    AccountDomain registered = domain.get();
    try {
      if (!makesMesh && !account.registry().exists()) {
        return Optional.of(registered.waiting(meshSubject()));
      }
      if (catalog.filter(StepVerbs::isLeft).isPresent()) {
        return Optional.of(registered.waiting(catalog.get().subject()));
      }
      Optional<Plan.Step> step =
          makesMesh ? Optional.of(registered.registration()) : registered.step();
      return step.isPresent() && stack.isLeft()
          ? Optional.of(registered.waiting(stack.template().subject()))
          : step;
    } catch (AccessDeniedException | BackendException e) {
      return Optional.of(registered.byHand(unlessDenied(e), Optional.empty()));
    }
  }

  /** A run finds out itself whether it may register the domain; a plan asks. */
  private Optional<Plan.Step> planned(Optional<Plan.Step> registration, boolean addsCatalog) {
    if (registration.filter(step -> !StepVerbs.isLeft(step)).isEmpty()) {
      return registration;
    }
    AccountDomain registered = domain.orElseThrow();
    try {
      if (!addsCatalog && account.registry().exists()) {
        account.registry().requireRegistering(registered.name(), registered.place());
      }
      return registration;
    } catch (AccessDeniedException | BackendException e) {
      return Optional.of(registered.byHand(unlessDenied(e), registered.find()));
    }
  }

  private void registerDomain(
      StackInspection stack,
      Optional<Plan.Step> catalog,
      Deadline deadline,
      List<Plan.Step> done,
      List<Plan.Step> byHand) {
    Optional<Plan.Step> step = stepOfDomain(stack, catalog, false);
    if (step.isEmpty()) {
      return;
    }
    if (StepVerbs.isLeft(step.get())) {
      byHand.add(step.get());
      return;
    }
    AccountDomain registered = domain.orElseThrow();
    try {
      deadline.checkTime(action, DeployedStack.DONE_STAYS);
      registered.register(deadline.left());
      done.add(step.get());
    } catch (AccessDeniedException | BackendException e) {
      byHand.add(registered.byHand(unlessDenied(e), registered.find()));
    }
  }

  /** Returns the step that adds the catalog of the account, if it has one that the mesh lacks. */
  private Optional<Plan.Step> stepOfCatalog(StackInspection stack) {
    Optional<AccountCatalog> own = AccountCatalog.of(account, self);
    if (own.isEmpty()) {
      return Optional.empty();
    }
    AccountCatalog catalog = own.get();
    try {
      if (!account.registry().exists()) {
        return Optional.of(catalog.waiting(meshSubject()));
      }
      Optional<Plan.Step> step = catalog.step();
      return step.isPresent() && stack.isLeft()
          ? Optional.of(catalog.waiting(stack.template().subject()))
          : step;
    } catch (AccessDeniedException | BackendException e) {
      return Optional.of(catalog.byHand(unlessDenied(e)));
    }
  }

  private Optional<Plan.Step> plannedCatalog(StackInspection stack) {
    Optional<Plan.Step> step = stepOfCatalog(stack);
    if (step.filter(each -> !StepVerbs.isLeft(each)).isEmpty()) {
      return step;
    }
    try {
      account.registry().requireGoverning();
      return step;
    } catch (AccessDeniedException | BackendException e) {
      return AccountCatalog.of(account, self).map(catalog -> catalog.byHand(unlessDenied(e)));
    }
  }

  /** Adds the catalog of the account; returns the step that is left, if there is one. */
  private Optional<Plan.Step> addCatalog(StackInspection stack, List<Plan.Step> done) {
    Optional<Plan.Step> step = stepOfCatalog(stack);
    if (step.filter(each -> !StepVerbs.isLeft(each)).isEmpty()) {
      return step;
    }
    AccountCatalog catalog = AccountCatalog.of(account, self).orElseThrow();
    try {
      account.registry().addCatalog(catalog.name(), catalog.account());
      done.add(step.get());
      return Optional.empty();
    } catch (AccessDeniedException | BackendException e) {
      return Optional.of(catalog.byHand(unlessDenied(e)));
    }
  }

  private String meshSubject() {
    return "mesh " + account.config().meshName() + " in " + account.config().account();
  }

  private Plan.Step meshByHand(String reason) {
    return new Plan.Step(
        StepVerbs.BY_HAND,
        meshSubject(),
        "make it as an administrator, unless it exists, because " + reason + account.creation(),
        "");
  }

  /** Returns the reason of a denial, and throws any other failure. */
  private static String unlessDenied(MeshException e) {
    if (MeshRegistry.isDenial(e)) {
      return e.reason();
    }
    throw e;
  }
}
