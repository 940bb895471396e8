package io.meshwork.internal.onboarding;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import io.meshwork.contract.QualityReport;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ingest.RowIngestion;
import io.meshwork.internal.majors.NewMajor;
import io.meshwork.internal.open.OpenOperation;
import io.meshwork.internal.publish.run.PublishRejection;
import io.meshwork.internal.quality.PublishVerdict;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.runtime.CommitGuard;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.schema.NamesInFiles;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.PublishedFile;
import io.meshwork.internal.table.TableName;
import io.meshwork.operation.Plan.Step;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import io.meshwork.publish.Onboard;
import io.meshwork.publish.PublishReceipt;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Collects the options of one onboarding, and runs it. Not thread-safe. */
final class ProductOnboarding implements Onboard {
  private static final Logger LOG = LoggerFactory.getLogger(Onboard.class);

  private final ClientSession session;
  private final OpenOperation open;
  private final ProductName product;
  private final BiConsumer<Contract, List<Partition>> definition;
  private final CommitGuard once;
  private @Nullable String location;
  private @Nullable Contract contract;
  private boolean ignoreUnknownColumns;
  private boolean refreshing;
  private int filesPerCommit = OnboardedFiles.MAX_FILES;
  private Progress progress = (phase, done, total) -> {};
  private @Nullable Duration timeout;

  /**
   * Starts an onboarding.
   *
   * @param definition defines the product with a contract and the columns of folders
   */
  ProductOnboarding(
      ClientSession session,
      ProductName product,
      BiConsumer<Contract, List<Partition>> definition) {
    this.session = session;
    this.product = product;
    this.definition = definition;
    this.once = new CommitGuard(action());
    this.open = session.operation(action()).begin();
  }

  @Override
  public Onboard from(String start) {
    location = ArgumentChecks.text("from", start);
    return this;
  }

  @Override
  public Onboard from(Path folder) {
    return from(ArgumentChecks.required("from", folder).toAbsolutePath().normalize().toString());
  }

  @Override
  public Onboard refresh() {
    refreshing = true;
    return this;
  }

  @Override
  public Onboard contract(Contract terms) {
    contract = ArgumentChecks.required("contract", terms);
    return this;
  }

  @Override
  public Onboard ignoreUnknownColumns() {
    ignoreUnknownColumns = true;
    return this;
  }

  @Override
  public Onboard filesPerCommit(int files) {
    if (files < 1 || files > OnboardedFiles.MAX_FILES) {
      throw ArgumentChecks.refused(
          "filesPerCommit", "is not from 1 to 25,000", "Set how many files a commit registers.");
    }
    filesPerCommit = files;
    return this;
  }

  @Override
  public Onboard onProgress(Progress listener) {
    progress = ArgumentChecks.required("onProgress", listener);
    return this;
  }

  @Override
  public Onboard timeout(Duration time) {
    timeout = ArgumentChecks.span("timeout", time);
    return this;
  }

  @Override
  public OnboardPlan plan() {
    open.settle();
    session.checkOpen(action());
    Deadline deadline = deadline();
    OnboardBase base = base();
    List<Finding> refused =
        base.source()
            .refused(
                base.contract(), base.schema(), base.spec(), run().meter(), deadline, action());
    PublishVerdict verdict = RowIngestion.Result.ofNoRows().verdict();
    List<Finding> findings = refused;
    if (refused.isEmpty() && !base.source().files().isEmpty()) {
      verdict = run().judge(base, deadline);
      findings = verdict.findings();
    }
    List<Finding> all = new ArrayList<>(findings);
    all.addAll(base.notRegistered());
    return plan(base, verdict.report(), all, refused.isEmpty() && !verdict.refused());
  }

  private PlannedRegistration plan(
      OnboardBase base, QualityReport quality, List<Finding> findings, boolean accepted) {
    SortedMap<String, Long> files = new TreeMap<>();
    base.source().files().forEach(file -> files.put(file.location(), file.size()));
    Step register =
        new Step(
            "register",
            product.toString(),
            files.size()
                + (files.size() == 1 ? " file" : " files")
                + " of "
                + files.values().stream().mapToLong(Long::longValue).sum()
                + " bytes at "
                + String.join(", ", base.listed().origins())
                + ", without a copy"
                + (files.size() > filesPerCommit
                    ? ", in " + base.parts(filesPerCommit).size() + " commits"
                    : ""),
            "roll back to the snapshot before");
    Step define =
        new Step(
            "define",
            product.toString(),
            "with " + base.schema().columns().size() + " columns",
            "");
    List<Step> steps =
        files.isEmpty() ? List.of() : base.exists() ? List.of(register) : List.of(define, register);
    return new PlannedRegistration(
        action().toString(),
        files,
        base.contract(),
        quality,
        steps,
        findings,
        accepted,
        this::commitAsPlanned);
  }

  @Override
  public PublishReceipt commit() {
    open.settle();
    return session.observed(action(), () -> register(null));
  }

  @Override
  public PublishReceipt commitAsPlanned(String fingerprint) {
    open.settle();
    String reviewed = ArgumentChecks.text("fingerprint", fingerprint);
    return session.observed(action(), () -> register(reviewed));
  }

  /** Requires that a listing is a plan's. One whose files were refused is refused again. */
  private OnboardBase requireReviewed(OnboardBase base, String reviewed) {
    if (unread(base, false).fingerprint().equals(reviewed)) {
      PublishVerdict verdict = run().judge(base, deadline());
      if (verdict.refused()) {
        throw PublishRejection.of(product, base.version(), verdict);
      }
    }
    unread(base, true).requireSame(reviewed, action());
    return base;
  }

  /** The plan without what the rows are like, on which its fingerprint does not depend. */
  private PlannedRegistration unread(OnboardBase base, boolean accepted) {
    QualityReport none = RowIngestion.Result.ofNoRows().verdict().report();
    return plan(base, none, List.of(), accepted);
  }

  /**
   * Registers the files of one listing.
   *
   * @param reviewed the fingerprint of the reviewed plan; null if none was
   */
  private PublishReceipt register(@Nullable String reviewed) {
    session.checkOpen(action());
    OnboardBase planned = reviewed == null ? null : requireReviewed(base(), reviewed);
    once.begin();
    try {
      OnboardBase base = planned == null ? base() : planned;
      base.notRegistered().forEach(finding -> LOG.warn("{}: {}", action(), finding.what()));
      if (base.source().files().isEmpty()) {
        return earlier(base).orElseGet(() -> run().publish(base, true));
      }
      return run()
          .run(
              base,
              deadline(),
              () -> existing(session.catalog().requireProduct(product, action()), base.listed()));
    } finally {
      once.end();
    }
  }

  /** The receipt of an earlier onboarding, if all files are registered unchanged. */
  private Optional<PublishReceipt> earlier(OnboardBase base) {
    return refreshing || base.differing().isEmpty()
        ? run().earlier(base.listed().files())
        : Optional.empty();
  }

  private OnboardBase base() {
    session.authorizer().requireOwner(product.domain(), action());
    Optional<ProductEntry> existing = session.catalog().findProduct(product);
    ListedFiles listed = ListedFiles.ofAll(session, locations(existing), refreshing, action());
    SourceNames.require(listed.files(), action());
    return existing.isPresent() ? existing(existing.get(), listed) : defined(listed);
  }

  private List<String> locations(Optional<ProductEntry> existing) {
    if (location != null && !refreshing) {
      return List.of(location);
    } else if (location != null || !refreshing) {
      throw Failure.of(action())
          .because(
              location == null
                  ? ArgumentChecks.missing(List.of("from(..)"))
                  : "from(..) and refresh() were both called")
          .fix("Call one of them before commit().")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
    List<String> origins = existing.map(this::origins).orElse(List.of());
    if (origins.isEmpty()) {
      throw Failure.of(action())
          .because("no files were registered for it")
          .fix("Call from(..) for the first files.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
    return origins;
  }

  private OnboardBase existing(ProductEntry entry, ListedFiles listed) {
    VersionEntry version =
        session.catalog().requireFor(Use.PUBLISH, product, entry.currentMajor(), action());
    if (contract != null && !contract.fingerprint().equals(version.contract().fingerprint())) {
      throw Failure.of(action())
          .because("the product exists with another contract, " + version.version())
          .fix("Remove contract(..), or amend the contract first with amendContract(..).")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
    TableName name = TableName.of(product, version.major());
    Table table = session.tables().load(name);
    OnboardedFiles onboarded = OnboardedFiles.of(session.ledger(), product);
    LiveRegisteredFiles now = new LiveRegisteredFiles(table, onboarded, session.files());
    NewFiles newFiles = new NewFiles(session.files(), listed, onboarded, now, action());
    if (!newFiles.files().isEmpty()) {
      now.requireReadable(listed.origins(), action());
    }
    return new OnboardBase(
        listed,
        new RegisteredSource(
            session,
            newFiles.files(),
            listed.folders(),
            OnboardedNames.of(table, version.contract().schema(), action()),
            listed.origins(),
            ignoreUnknownColumns,
            newFiles),
        version.contract(),
        version.version(),
        table.schema(),
        table.spec(),
        new ChangedFiles(session.files(), onboarded, action()).of(table, listed),
        Stream.concat(newFiles.findings().stream(), listed.findings().stream()).toList(),
        List.of(),
        true);
  }

  private OnboardBase defined(ListedFiles listed) {
    Contract proposed =
        contract == null ? ProposedColumns.of(session.files(), listed, action()) : contract;
    Set<String> inFolders = new LinkedHashSet<>();
    listed.folders().values().forEach(values -> inFolders.addAll(values.keySet()));
    NamesInFiles<Schema.Field> names = NamesInFiles.of(proposed.schema());
    List<Partition> partitions =
        inFolders.stream()
            .flatMap(column -> Stream.ofNullable(names.find(column)))
            .map(Schema.Field::name)
            .distinct()
            .map(Partition::by)
            .toList();
    NewMajor first = NewMajor.first(product, proposed, partitions, 2, action());
    NewFiles all = new NewFiles(session.files(), listed, OnboardedFiles.NONE, null, action());
    List<Finding> notes = new ArrayList<>(all.findings());
    notes.addAll(listed.findings());
    if (contract == null) {
      notes.addAll(ProposedColumns.notes(listed));
    }
    return new OnboardBase(
        listed,
        new RegisteredSource(
            session,
            all.files(),
            listed.folders(),
            OnboardedNames.of(first.schema(), proposed.schema()),
            listed.origins(),
            ignoreUnknownColumns,
            all),
        proposed,
        ContractVersion.FIRST,
        first.schema(),
        first.spec(),
        List.of(),
        notes,
        partitions,
        false);
  }

  /** Where files were registered from for any major version; each place once. */
  private List<String> origins(ProductEntry entry) {
    TreeSet<String> all = new TreeSet<>(OnboardedFiles.of(session.ledger(), product).origins());
    for (VersionEntry version : session.catalog().liveMajorsOrCurrent(entry, action())) {
      all.addAll(
          PublishedFile.origins(session.tables().load(TableName.of(product, version.major()))));
    }
    return List.copyOf(all);
  }

  private Deadline deadline() {
    return session
        .runtime()
        .startDeadline(timeout == null ? session.runtime().deadline() : timeout);
  }

  private RegistrationRun run() {
    return new RegistrationRun(
        session,
        product,
        definition,
        ignoreUnknownColumns,
        filesPerCommit,
        progress,
        timeout,
        action());
  }

  private MeshAction action() {
    return MeshAction.of(Verb.ONBOARD, product);
  }
}
