package io.meshwork.internal.change;

import io.meshwork.card.ProductCard;
import io.meshwork.change.ContractPlan;
import io.meshwork.change.DefineProduct;
import io.meshwork.contract.Compatibility;
import io.meshwork.contract.Contract;
import io.meshwork.contract.ContractDifference;
import io.meshwork.contract.Partition;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.card.ProductDescriptions;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.MajorState;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.majors.ContractChecks;
import io.meshwork.internal.majors.NewMajor;
import io.meshwork.internal.open.OpenOperation;
import io.meshwork.internal.quality.RuleTargets;
import io.meshwork.internal.rights.PolicySnapshot;
import io.meshwork.internal.rights.ReadAccessDiff;
import io.meshwork.internal.rights.ReadAccessDiff.ComparedRights;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.scan.PinnedProducts;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.DataPlaces;
import io.meshwork.internal.table.TableColumns;
import io.meshwork.internal.table.TableName;
import io.meshwork.operation.Plan.Step;
import io.meshwork.product.Classification;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ContractVersion.Verdict;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Defines a product, or amends an existing one. Not thread-safe. */
final class ProductDefinition implements DefineProduct {
  private static final Logger LOG = LoggerFactory.getLogger(DefineProduct.class);
  private static final String CONTRACT = "contract";
  private static final int DEFAULT_FORMAT = 2;

  /** The most changes of a contract that a message names. */
  private static final int MAX_CHANGES = 3;

  private final ClientSession session;
  private final OpenOperation open;
  private final ProductName product;
  private @Nullable Contract contract;
  private @Nullable List<Partition> partitioning;
  private @Nullable String description;
  private @Nullable String owner;
  private @Nullable String root;
  private boolean openToMesh;
  private boolean amendIfDefined;
  private @Nullable Integer tableFormat;

  ProductDefinition(ClientSession session, ProductName product) {
    this.session = session;
    this.product = product;
    this.open = session.operation(action());
  }

  @Override
  public DefineProduct contract(Contract newContract) {
    contract = ArgumentChecks.required("contract", newContract);
    open.begin();
    return this;
  }

  @Override
  public DefineProduct partitionBy(Partition... partitions) {
    partitioning = ArgumentChecks.all("partitionBy", partitions);
    return this;
  }

  @Override
  public DefineProduct description(String text) {
    description = ArgumentChecks.text("description", text);
    return this;
  }

  @Override
  public DefineProduct owner(String contact) {
    owner = ArgumentChecks.text("owner", contact);
    return this;
  }

  @Override
  public DefineProduct location(String place) {
    root = DataPlaces.canonical("location", place);
    return this;
  }

  @Override
  public DefineProduct openToMesh() {
    openToMesh = true;
    return this;
  }

  @Override
  public DefineProduct tableFormat(int version) {
    if (version != 2 && version != 3) {
      throw ArgumentChecks.refused("tableFormat", "is " + version, "Use 2 or 3.");
    }
    tableFormat = version;
    return this;
  }

  @Override
  public DefineProduct amendIfDefined() {
    amendIfDefined = true;
    return this;
  }

  @Override
  public ContractPlan plan() {
    open.settle();
    session.checkOpen(action());
    return withOpening(evaluate(validate()));
  }

  @Override
  public ProductCard commit() {
    open.settle();
    session.checkOpen(action());
    NewMajor specified = validate();
    if (amendIfDefined) {
      warnOfRetainedParts(specified);
    }
    if (amendIfDefined
        && session.catalog().findProduct(product).filter(this::differsInContract).isPresent()) {
      checkOpening(session.catalog().findProduct(product));
      amendment(specified).commit(null);
    }
    return session.commit(new Definition(specified));
  }

  @Override
  public ProductCard commitAsPlanned(String fingerprint) {
    open.settle();
    session.checkOpen(action());
    NewMajor specified = validate();
    AmendmentPlan evaluation = evaluate(specified);
    withOpening(evaluation).requireSame(ArgumentChecks.text("fingerprint", fingerprint), action());
    if (evaluation.before().isPresent() && evaluation.verdict() != Verdict.NONE && amendIfDefined) {
      amendment(specified).commit(evaluation.fingerprint());
    }
    // Does not amend what another session defined since the plan.
    return session.commit(new Definition(specified));
  }

  /**
   * Logs a warning if the program declares less protection than the current contract, or terms from
   * before or after an announced amendment.
   */
  private void warnOfRetainedParts(NewMajor specified) {
    session
        .catalog()
        .findProduct(product)
        .map(
            existing ->
                session
                    .catalog()
                    .requireFor(Use.DESCRIBE, product, existing.currentMajor(), action()))
        .ifPresent(
            version ->
                Stream.concat(
                        ProtectionReduction.retained(
                            version.contract(), specified.contract(), product.toString())
                            .stream(),
                        announced().retained(version, specified.contract()).stream())
                    .forEach(finding -> LOG.warn("{}: {}", action(), finding.what())));
  }

  /** True if only the contract of an existing product differs. */
  private boolean differsInContract(ProductEntry existing) {
    session.authorizer().requireOwner(product.domain(), action());
    return existing.name().equals(product) && differences(existing).equals(List.of(CONTRACT));
  }

  private AmendmentOperation amendment(NewMajor specified) {
    return new AmendmentOperation(
        session,
        product,
        session
            .catalog()
            .findProduct(product)
            .map(this::described)
            .map(VersionEntry::major)
            .orElse(null),
        current -> specified.contract(),
        null,
        ProtectionReduction.AcceptedReductions.RETAINING,
        action(),
        this::commitAsPlanned);
  }

  private AmendmentPlan evaluate(NewMajor specified) {
    session.authorizer().requireOwner(product.domain(), action());
    Optional<ProductEntry> existing = session.catalog().findProduct(product);
    if (existing.isEmpty()) {
      return evaluateNew(specified);
    }
    AmendmentPlan amended = amendment(specified).evaluate();
    List<String> differences = new ArrayList<>(differences(existing.get()));
    if (amendIfDefined) {
      differences.remove(CONTRACT);
    }
    if (differences.isEmpty()) {
      return amended;
    }
    return amended.with(
        Finding.error(
            FindingCode.PRODUCT_DIFFERS,
            product.toString(),
            "The product exists with another " + String.join(", ", differences) + ".",
            differences.contains(CONTRACT)
                ? "Call amendIfDefined(), or amend it with amendContract(..)."
                : "Use the existing values, or remove the call."));
  }

  /** Adds that the commit opens an existing product. */
  private AmendmentPlan withOpening(AmendmentPlan evaluation) {
    Optional<ProductEntry> existing = session.catalog().findProduct(product);
    checkOpening(existing);
    if (existing.isEmpty() || !opens(existing)) {
      return evaluation;
    }
    VersionEntry version =
        session
            .catalog()
            .requireFor(Use.DESCRIBE, product, existing.get().currentMajor(), action());
    return evaluation.opened(VersionEntry.openColumns(requested(version)));
  }

  private boolean opens(Optional<ProductEntry> existing) {
    return openToMesh && existing.filter(ProductEntry::openToMesh).isEmpty();
  }

  /**
   * If the definition opens the product, requires that the caller may open it and that no major
   * version is too sensitive, the current one with the requested contract.
   */
  private void checkOpening(Optional<ProductEntry> existing) {
    if (!opens(existing)) {
      return;
    }
    session.authorizer().requireAdministrator(product.domain(), openAction());
    if (existing.isPresent()) {
      for (VersionEntry version : session.catalog().liveMajors(existing.get(), action())) {
        rejectIfSensitive(
            version.major() == existing.get().currentMajor()
                ? requested(version)
                : version.contract());
      }
    }
  }

  private void rejectIfSensitive(Contract opened) {
    ContractChecks.tooSensitiveToBeOpen(opened).ifPresent(reason -> rejectOpening(reason, opened));
  }

  private MeshAction openAction() {
    return MeshAction.of(Verb.OPEN, product + " to the mesh");
  }

  private AmendmentPlan evaluateNew(NewMajor specified) {
    String table = specified.table().toString();
    DomainEntry domain = session.catalog().requireDomain(product.domain(), action());
    String place = place(domain);
    RightsDocuments documents = session.rights().with(Map.of());
    PolicySnapshot after =
        documents.ofNewProduct(domain, product, specified.contract(), specified.schema());
    PolicySnapshot before = after.withTables(each -> false);
    List<Finding> findings =
        new ArrayList<>(AmendmentAccessChange.withheld(Optional.empty(), after, product));
    findings.addAll(
        RuleTargets.missing(
            specified.contract(),
            new PinnedProducts(session, product, session.deadline(), action())));
    return new AmendmentPlan(
            product,
            Optional.empty(),
            ContractVersion.FIRST,
            Verdict.MINOR,
            specified.contract().compatibility(),
            Optional.empty(),
            List.of(),
            List.of(
                new Step(
                    "create table",
                    table,
                    "of format "
                        + tableFormat()
                        + ", with "
                        + specified.schema().columns().size()
                        + " columns; and its quarantine"
                        + (place.equals(session.tables().places().meshRoot())
                            ? ""
                            : "; stored at " + place),
                    ""),
                new Step(
                    "apply",
                    product + " " + ContractVersion.FIRST,
                    openToMesh ? "for every domain to read" : "for its own domain to read",
                    "")),
            findings,
            specified.contract().fingerprint(),
            List.of(),
            List.of(),
            this::commitAsPlanned)
        .with(
            ReadAccessDiff.between(
                    new ComparedRights(before, defined -> false),
                    new ComparedRights(after, defined -> openToMesh),
                    domain.domain().accounts(),
                    session.runtime().clock().instant())
                .open(
                    product,
                    openToMesh ? VersionEntry.openColumns(specified.contract()) : List.of(),
                    List.of()));
  }

  /** The root of the tables: the requested place, or the newest of the domain. */
  private String place(DomainEntry domain) {
    if (root != null && !domain.roots().contains(root)) {
      throw Failure.of(action())
          .because(
              "domain '"
                  + domain.domain().name()
                  + "' does not keep data at '"
                  + root
                  + "'; its places are "
                  + domain.roots())
          .fix(
              "Use one of them, or add the place with registerDomain(\""
                  + domain.domain().name()
                  + "\").location(..).")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
    return session.tables().places().of(Optional.ofNullable(root), domain);
  }

  private int tableFormat() {
    return tableFormat == null ? DEFAULT_FORMAT : tableFormat;
  }

  private MeshAction action() {
    return MeshAction.of(Verb.DEFINE, product);
  }

  private NewMajor validate() {
    if (contract == null) {
      throw Failure.of(action())
          .because("it has no contract")
          .fix(
              "Call contract(Contract.of(..)) with a Java record, an Avro schema, or a Parquet"
                  + " file.")
          .invalidRequest(ErrorCode.CONTRACT_INVALID);
    }
    NewMajor first =
        NewMajor.first(
            product,
            contract,
            partitioning == null ? List.of() : partitioning,
            tableFormat(),
            action());
    if (openToMesh) {
      rejectIfSensitive(first.contract());
    }
    return first;
  }

  private void rejectOpening(String reason, Contract contract) {
    String subject =
        contract.classification().compareTo(Classification.INTERNAL) > 0
            ? "the product"
            : String.join(", ", ContractChecks.columnsAboveInternal(contract));
    throw Failure.of(openAction())
        .because(reason)
        .fix("Remove openToMesh(), or classify " + subject + " INTERNAL or PUBLIC.")
        .invalidRequest(ErrorCode.CONTRACT_INVALID);
  }

  /**
   * The requested contract; with {@link #amendIfDefined}, it retains stronger protection, and terms
   * that a rollout amends.
   */
  private Contract requested(VersionEntry current) {
    Contract requested = Objects.requireNonNull(contract);
    return amendIfDefined
        ? announced()
            .withRetained(current, ProtectionReduction.withRetained(current.contract(), requested))
        : requested;
  }

  private AnnouncedTerms announced() {
    return new AnnouncedTerms(session, product);
  }

  /**
   * The major version that the definition is about: the current one, unless the definition has the
   * contract of another one that is in use, as in a program that was written before a rollout.
   */
  private VersionEntry described(ProductEntry existing) {
    VersionEntry current =
        session.catalog().requireFor(Use.DESCRIBE, product, existing.currentMajor(), action());
    return restates(current)
        ? current
        : session.catalog().liveMajors(existing, action()).stream()
            .filter(version -> version.state().isLive() && restates(version))
            .findFirst()
            .orElse(current);
  }

  /** True if the definition has the contract of a major version, or none. */
  private boolean restates(VersionEntry version) {
    if (contract == null) {
      return true;
    }
    Contract requested = requested(version);
    boolean amends = amendIfDefined && version.contract().compatibility() != Compatibility.DISABLED;
    return amends
        ? version.contract().equals(requested)
        : version.contract().isEquivalentTo(requested)
            || version.ownContract().isEquivalentTo(requested);
  }

  /** The parts of an existing product that differ from the definition. */
  private List<String> differences(ProductEntry existing) {
    VersionEntry version = described(existing);
    List<String> differences = new ArrayList<>();
    if (!restates(version)) {
      differences.add(CONTRACT);
    }
    if (partitioning != null && !version.partitioning().equals(partitioning)) {
      differences.add("partitioning");
    }
    if (tableFormat != null
        && TableColumns.of(session.tables().load(TableName.of(product, version.major()))).format()
            != tableFormat) {
      differences.add("table format");
    }
    if (root != null && !isKeptAt(root, existing, version)) {
      differences.add("place");
    }
    if (description != null && !existing.description().equals(description)) {
      differences.add("description");
    }
    if (owner != null && !session.catalog().ownerOf(existing, action()).equals(owner)) {
      differences.add("owner");
    }
    return differences;
  }

  /** True if the product names this place, or names none and its table is there. */
  private boolean isKeptAt(String place, ProductEntry existing, VersionEntry version) {
    TableName table = TableName.of(product, version.major());
    return existing
        .root()
        .map(place::equals)
        .orElseGet(() -> session.tables().location(table).equals(table.location(place)));
  }

  /** Returns the first changes of the contract as a clause; empty if it is the same. */
  private String contractChanges(VersionEntry existing, List<String> differences) {
    if (contract == null || !differences.contains(CONTRACT)) {
      return "";
    }
    List<ContractDifference.Change> changes =
        existing.contract().differenceTo(requested(existing)).changes();
    return changes.isEmpty()
        ? ""
        : changes.stream()
            .limit(MAX_CHANGES)
            .map(change -> change.what().replaceFirst("\\.$", ""))
            .collect(
                Collectors.joining(
                    "; ",
                    ": ",
                    changes.size() > MAX_CHANGES
                        ? "; and " + (changes.size() - MAX_CHANGES) + " more"
                        : ""));
  }

  private final class Definition implements Ledger.Change<ProductCard> {
    private final NewMajor specified;

    Definition(NewMajor specified) {
      this.specified = specified;
    }

    @Override
    public MeshAction action() {
      return ProductDefinition.this.action();
    }

    @Override
    public String partition() {
      return RegistryKeys.partition(product);
    }

    @Override
    public CommitDraft<ProductCard> draft(Ledger.Attempt attempt) {
      DomainEntry domain = session.authorizer().requireOwner(product.domain(), action());
      // Reads tables before the product: a commit adds both, so tables without a product do not
      // belong to a concurrent definition.
      List<TableName> tables =
          specified.tables().stream().filter(session.tables()::exists).toList();
      Optional<ProductEntry> existing = session.catalog().findProduct(product);
      checkOpening(existing);
      if (existing.isPresent()) {
        requireSame(existing.get());
        return opens(existing)
            ? open(existing.get(), domain)
            : CommitDraft.unchanged(ProductDescriptions.of(session, existing.get()));
      }
      if (!tables.isEmpty()) {
        throw Failure.of(action())
            .because("the product does not exist, but the registry has its tables " + tables)
            .fix("Restore the registry from a backup, or choose another name.")
            .alreadyExists(ErrorCode.ALREADY_EXISTS);
      }
      CommitDraft<ProductCard> draft =
          CommitDraft.of("product.defined", session.principal(), product.toString());
      draft
          .check(domain.stored())
          .details(
              new EventDetails.ContractDefinition(
                  ContractVersion.FIRST, specified.contract().fingerprint()));
      String text = description == null ? specified.contract().description() : description;
      Key key = RegistryKeys.product(product);
      ProductEntry defined =
          new ProductEntry(
              product,
              text,
              Optional.ofNullable(owner),
              openToMesh,
              specified.number(),
              Optional.ofNullable(root),
              new VersionedDocument(key, DocumentJson.create(), ""));
      draft.insert(key, defined.toDocument());
      specified.addTo(draft, session.tables(), place(domain), MajorState.ACTIVE, attempt);
      return draft.result(
          ProductDescriptions.ofNew(
              product,
              text,
              owner == null ? domain.domain().owner() : owner,
              openToMesh,
              specified.contract(),
              specified.partitioning()));
    }

    /** Opens an existing product to the mesh; nothing else changes. */
    private CommitDraft<ProductCard> open(ProductEntry existing, DomainEntry domain) {
      ProductCard before = ProductDescriptions.of(session, existing);
      CommitDraft<ProductCard> draft =
          CommitDraft.of(
              MeshEvent.Type.PRODUCT_OPENED.text(), session.principal(), product.toString());
      // All live major versions become open, so none may be amended concurrently.
      for (VersionEntry version : session.catalog().liveMajors(existing, action())) {
        rejectIfSensitive(version.contract());
        draft.check(version.majorStored()).check(version.contractStored());
      }
      return draft
          .check(domain.stored())
          .replace(existing.stored(), existing.withOpenToMesh(true))
          .result(ProductDescriptions.withOpenToMesh(before, true));
    }

    private void requireSame(ProductEntry existing) {
      if (!existing.name().equals(product)) {
        throw Failure.of(action())
            .because(existing.name() + " has the same storage name")
            .fix("Use that product, or choose another name.")
            .alreadyExists(ErrorCode.ALREADY_EXISTS);
      }
      VersionEntry version =
          session.catalog().requireFor(Use.DESCRIBE, product, existing.currentMajor(), action());
      List<String> differences = differences(existing);
      if (differences.contains(CONTRACT)) {
        new EarlierContract(session, product).reject(requested(version), version, action());
      }
      if (!differences.isEmpty()) {
        throw Failure.of(action())
            .because(
                "it exists as version "
                    + version.version()
                    + ", and its "
                    + String.join(", ", differences)
                    + (differences.size() == 1 ? " differs" : " differ")
                    + " from this definition"
                    + contractChanges(version, differences))
            .fix(
                "Use the existing values, or choose another name."
                    + (differences.contains(CONTRACT) && !amendIfDefined
                        ? " To change the contract, call amendContract(..), or amendIfDefined() here;"
                            + " plan() shows the effect."
                        : ""))
            .alreadyExists(ErrorCode.ALREADY_EXISTS);
      }
    }
  }
}
