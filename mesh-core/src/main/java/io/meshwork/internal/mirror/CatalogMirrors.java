package io.meshwork.internal.mirror;

import io.meshwork.error.BackendException;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.ChangePlan;
import io.meshwork.internal.mirror.MirrorOperations.AccountMirrorRun;
import io.meshwork.internal.mirror.MirrorOperations.AccountMirrorSteps;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ReviewedOperation;
import io.meshwork.maintenance.MeshDiagnosis;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.maintenance.Mirrors.Report;
import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs the mirrors of all catalogs, each as the principal {@code mesh-mirror} of the catalog's
 * account. A catalog whose registry or service fails does not stop the others.
 */
final class CatalogMirrors extends ReviewedOperation<Plan<Report>, Report> implements Mirrors {
  /** The role that reads and changes the services of its account. */
  static final String ROLE = "mesh-mirror";

  private static final MeshAction ACTION = MeshAction.of(Verb.UPDATE, "the mirrors of the mesh");

  private final MirrorBackend backend;
  private final Function<Principal, ClientSession> sessions;
  private MirrorMode mode;
  private @Nullable Duration timeout;
  private @Nullable ProductName only;
  private boolean onlyRows;

  /**
   * Creates the operation.
   *
   * @param own the session of this process
   * @param sessions opens the session of a principal, or throws if this process may not act as it
   * @param mode what is done to objects of others
   */
  CatalogMirrors(
      ClientSession own,
      MirrorBackend backend,
      Function<Principal, ClientSession> sessions,
      MirrorMode mode) {
    super(own, ACTION);
    this.backend = backend;
    this.sessions = sessions;
    this.mode = mode;
    begin();
  }

  /** What was found in all catalogs. */
  private record Findings(List<MirrorInspection> inspections, List<Finding> unavailable) {
    /** Returns the states of mirrors in one account, and why others are not known. */
    Findings in(String account) {
      return new Findings(
          inspections.stream()
              .filter(each -> each.mirrorFindings().account().equals(account))
              .toList(),
          unavailable);
    }

    List<Plan.Step> steps() {
      return inspections.stream().flatMap(MirrorInspection::planned).toList();
    }

    List<Finding> all() {
      return Stream.concat(
              unavailable.stream(), inspections.stream().flatMap(each -> each.findings().stream()))
          .distinct()
          .toList();
    }

    Map<String, List<MirrorInspection>> byCatalog() {
      return inspections.stream()
          .collect(
              Collectors.groupingBy(
                  each -> each.catalog().name(), LinkedHashMap::new, Collectors.toList()));
    }

    ChangePlan<Report> plan(Function<String, Report> committing) {
      return ChangePlan.ofWork(
          ACTION.toString(),
          steps(),
          all(),
          inspections.stream().flatMap(MirrorInspection::basis).collect(Collectors.joining("\n")),
          committing);
    }
  }

  @Override
  public CatalogMirrors timeout(Duration limit) {
    timeout = ArgumentChecks.span("timeout", limit);
    return this;
  }

  @Override
  public CatalogMirrors of(String product) {
    only = ProductName.of(ArgumentChecks.text("product", product));
    return this;
  }

  /** Limits the run to the tables of one product, of which only rows changed. */
  CatalogMirrors ofRows(String product) {
    onlyRows = true;
    return of(product);
  }

  @Override
  public CatalogMirrors adopt() {
    mode = mode.withAdoption();
    return this;
  }

  @Override
  public MeshDiagnosis verify() {
    return verify(findings -> findings);
  }

  private MeshDiagnosis verify(UnaryOperator<Findings> part) {
    settle();
    Deadline deadline = startDeadline();
    CatalogMirrors careful = with(MirrorMode.CAREFUL);
    careful.settle();
    Findings findings = part.apply(careful.inspect());
    Instant now = session.runtime().clock().instant();
    Set<Finding> all = new LinkedHashSet<>(findings.unavailable());
    findings.inspections().forEach(each -> all.addAll(each.diagnosis(now, deadline)));
    return new MeshDiagnosis(List.copyOf(all));
  }

  /** As {@link MirrorOperations#plan}. */
  AccountMirrorSteps planIn(String account) {
    settle();
    Findings findings = inspect();
    Findings own = findings.in(account);
    return new AccountMirrorSteps(findings.plan(this::commitAsPlanned), own.steps(), own.all());
  }

  /** As {@link MirrorOperations#commit}. */
  AccountMirrorRun commitIn(String account) {
    settle();
    Deadline deadline = startDeadline();
    Findings findings = inspect();
    List<MirrorRun> runs = runs(findings, deadline, CatalogMirrors::fail);
    List<Finding> remaining =
        Stream.concat(
                findings.unavailable().stream(),
                runs.stream().filter(run -> run.isIn(account)).flatMap(run -> run.left().stream()))
            .distinct()
            .toList();
    return new AccountMirrorRun(report(findings, runs), remaining);
  }

  /** As {@link MirrorOperations#verify}. */
  MeshDiagnosis verifyIn(String account) {
    return verify(findings -> findings.in(account));
  }

  @Override
  public PlannedOperation<Plan<Report>, Report> repair() {
    settle();
    CatalogMirrors repair = with(mode.withRepair());
    Duration limit = timeout;
    return limit == null ? repair : repair.timeout(limit);
  }

  private CatalogMirrors with(MirrorMode newMode) {
    CatalogMirrors copy = new CatalogMirrors(session, backend, sessions, newMode);
    copy.only = only;
    copy.onlyRows = onlyRows;
    return copy;
  }

  @Override
  protected Plan<Report> evaluate() {
    return inspect().plan(this::commitAsPlanned);
  }

  @Override
  protected Supplier<Report> prepare(@Nullable String reviewed) {
    return () -> {
      Deadline deadline = startDeadline();
      Findings findings = inspect();
      if (reviewed != null) {
        findings.plan(this::commitAsPlanned).requireSame(reviewed, ACTION);
      }
      return run(findings, deadline);
    };
  }

  private Deadline startDeadline() {
    return session
        .runtime()
        .startDeadline(timeout == null ? session.runtime().deadline() : timeout);
  }

  /**
   * Makes the changes that are due, for catalogs that were mirrored before. If the time is over or
   * the registry fails, returns what was done.
   */
  OperatedMirrors operate(Deadline deadline) {
    settle();
    Findings findings = inspect(this::isMirrored);
    List<Plan.Step> due = findings.steps();
    Map<String, BackendException> failures = new TreeMap<>();
    Report report = run(findings, deadline, failures::put);
    return new OperatedMirrors(due, report, failures);
  }

  /** Makes the changes that are due, for catalogs of this account that were mirrored before. */
  Report commitMirrored() {
    settle();
    Deadline deadline = startDeadline();
    return run(inspect(included().and(this::isMirrored)), deadline);
  }

  /** Returns how many products the catalogs have that {@link #commitMirrored} would mirror. */
  long products() {
    settle();
    long products = 0;
    for (String catalog : session.catalog().catalogs()) {
      if (isMirrored(catalog)) {
        for (DomainEntry domain : session.catalog().domainsOf(catalog)) {
          products +=
              session
                  .ledger()
                  .listLenient(
                      RegistryKeys.partition(domain.domain().name()), RegistryKeys.PRODUCTS)
                  .size();
        }
      }
    }
    return products;
  }

  /**
   * True for a catalog of this account whose mirrors created something. Somebody reviewed their
   * first run; elsewhere, and before it, they are left alone.
   */
  private boolean isMirrored(String catalog) {
    return session
            .process()
            .filter(process -> !process.account().equals(backend.account(catalog)))
            .isEmpty()
        && session
                .ledger()
                .newestSequence(RegistryKeys.mirrors(session.catalog().governance(catalog)))
            > 0;
  }

  private Report run(Findings findings, Deadline deadline) {
    return run(findings, deadline, CatalogMirrors::fail);
  }

  private static void fail(String catalog, BackendException failure) {
    throw failure;
  }

  private Report run(
      Findings findings, Deadline deadline, BiConsumer<String, BackendException> failed) {
    return report(findings, runs(findings, deadline, failed));
  }

  private static Report report(Findings findings, List<MirrorRun> runs) {
    Map<String, Map<Report.Work, Long>> done = new TreeMap<>();
    List<Plan.Step> byHand = new ArrayList<>();
    Set<Finding> remaining = new LinkedHashSet<>(findings.unavailable());
    for (MirrorRun run : runs) {
      run.counts()
          .forEach(
              (work, count) ->
                  done.computeIfAbsent(run.name(), absent -> new EnumMap<>(Report.Work.class))
                      .merge(work, count, Long::sum));
      byHand.addAll(run.byHand());
      remaining.addAll(run.left());
    }
    return new Report(new TreeMap<>(done), byHand, List.copyOf(remaining));
  }

  /** Makes the changes of all catalogs. */
  private List<MirrorRun> runs(
      Findings findings, Deadline deadline, BiConsumer<String, BackendException> failed) {
    List<MirrorRun> all = new ArrayList<>();
    for (Map.Entry<String, List<MirrorInspection>> catalog : findings.byCatalog().entrySet()) {
      MissingObjects missing = new MissingObjects();
      List<MirrorRun> runs =
          catalog.getValue().stream().map(each -> new MirrorRun(each, missing, mode)).toList();
      try {
        MirrorRun.runAll(runs, deadline);
      } catch (BackendException e) {
        failed.accept(catalog.getKey(), e);
      }
      all.addAll(runs);
    }
    return all;
  }

  private Findings inspect() {
    return inspect(included());
  }

  /**
   * Accepts the catalog of the product, or all.
   *
   * @throws io.meshwork.error.NotFoundException if the product does not exist
   */
  private Predicate<String> included() {
    ProductName product = only;
    if (product == null) {
      return catalog -> true;
    }
    session.checkOpen(ACTION);
    ProductName canonical = session.catalog().requireProduct(product, ACTION).name();
    only = canonical; // as defined, for the names of its tables
    return session.catalog().topology().catalogOf(canonical.domain())::equals;
  }

  private Findings inspect(Predicate<String> included) {
    session.checkOpen(ACTION);
    List<MirrorInspection> inspections = new ArrayList<>();
    List<Finding> unavailable = new ArrayList<>();
    for (String catalog : session.catalog().catalogs()) {
      try {
        if (included.test(catalog)) {
          inspections.addAll(inspect(catalog));
        }
      } catch (BackendException e) {
        unavailable.add(MirrorFindings.unavailable(session.catalog().governance(catalog), e));
      }
    }
    return new Findings(inspections, unavailable);
  }

  private List<MirrorInspection> inspect(String name) {
    Principal runner = Principal.of(backend.account(name), ROLE);
    ClientSession acting = session;
    MeshException denial = null;
    try {
      acting = sessions.apply(runner);
    } catch (MeshException e) {
      if (!MirrorInspection.isDenied(e)) {
        throw e;
      }
      denial = e;
    }
    MirroredCatalog all = new MirroredCatalog(name, runner.account(), runner, acting);
    ProductName product = only;
    MirroredCatalog catalog = product == null ? all : all.of(product, onlyRows);
    List<MirrorInspection> inspections = new ArrayList<>();
    Map<String, Set<String>> foreign = new HashMap<>();
    for (Mirror mirror : backend.mirrors(catalog)) {
      MirrorInspection inspection =
          inspect(mirror, catalog, inspections, denial).withoutForeign(foreign);
      if (inspection.waits()) {
        // Later mirrors depend on the changes that wait, so they are left out. Their objects may
        // depend on rights and objects of this mirror, so it ends none.
        inspections.add(
            inspection.without(
                step ->
                    step.verdict().callsService()
                        && (mirror.holdsRights() || step.wanted().isEmpty())));
        break;
      }
      inspections.add(inspection);
      foreign.put(mirror.name(), inspection.foreign());
    }
    return inspections;
  }

  private MirrorInspection inspect(
      Mirror mirror,
      MirroredCatalog catalog,
      List<MirrorInspection> earlier,
      @Nullable MeshException denial) {
    try {
      return MirrorInspection.of(mirror, catalog, earlier, denial, mode);
    } catch (MeshException e) {
      return MirrorInspection.failed(mirror, catalog, e);
    }
  }
}
