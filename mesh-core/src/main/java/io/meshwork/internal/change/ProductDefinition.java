package io.meshwork.internal.change;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.card.ProductCard;
import io.meshwork.change.ContractPlan;
import io.meshwork.change.DefineProduct;
import io.meshwork.contract.Compatibility;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import io.meshwork.error.AlreadyExistsException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.FieldIds;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.open.OpenOperation;
import io.meshwork.internal.quality.RuleTargets;
import io.meshwork.internal.rights.PolicySnapshot;
import io.meshwork.internal.rights.ReadAccessDiff;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.scan.PinnedProducts;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.schema.LegalSchema;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ProductDescriptions;
import io.meshwork.internal.table.FilteredColumns;
import io.meshwork.internal.table.QuarantineTable;
import io.meshwork.internal.table.TableName;
import io.meshwork.operation.Plan.Step;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ContractVersion.Verdict;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Defines a product, or amends one that exists. One thread. */
final class ProductDefinition implements DefineProduct {
  private static final Logger LOG = LoggerFactory.getLogger(DefineProduct.class);
  private static final int FIRST_MAJOR = 1;
  private static final String CONTRACT = "contract";

  private final ClientSession session;
  private final OpenOperation open;
  private final ProductName product;
  private @Nullable Contract contract;
  private @Nullable List<Partition> partitioning;
  private @Nullable String description;
  private @Nullable String owner;
  private boolean openToMesh;
  private boolean orAmend;
  private int tableFormat = 2;

  ProductDefinition(ClientSession session, ProductName product) {
    this.session = session;
    this.product = product;
    this.open = session.operation(action());
  }

  @Override
  public DefineProduct contract(Contract promised) {
    contract = ArgumentChecks.required("contract", promised);
    open.begin();
    return this;
  }

  @Override
  public DefineProduct partitionedBy(Partition... partitions) {
    partitioning = ArgumentChecks.all("partitionedBy", partitions);
    return this;
  }

  @Override
  public DefineProduct describedAs(String text) {
    description = ArgumentChecks.text("describedAs", text);
    return this;
  }

  @Override
  public DefineProduct ownedBy(String contact) {
    owner = ArgumentChecks.text("ownedBy", contact);
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
      throw ArgumentChecks.refused("tableFormat", "is " + version, "Give 2 or 3.");
    }
    tableFormat = version;
    return this;
  }

  @Override
  public DefineProduct orAmend() {
    orAmend = true;
    return this;
  }

  @Override
  public ContractPlan plan() {
    open.settle();
    session.checkOpen(action());
    return new AmendmentPlan(evaluate(checked()), this::commitAsPlanned);
  }

  @Override
  public ProductCard commit() {
    open.settle();
    session.checkOpen(action());
    Checked checked = checked();
    if (orAmend) {
      warnOfKept(checked);
    }
    if (orAmend && session.catalog().findProduct(product).filter(this::isOtherwise).isPresent()) {
      amending(checked).commit(null);
    }
    return session.ledger().commit(new Definition(checked), session.deadline());
  }

  @Override
  public ProductCard commitAsPlanned(String fingerprint) {
    open.settle();
    session.checkOpen(action());
    Checked checked = checked();
    AmendmentEvaluation judged = evaluate(checked);
    AmendmentOperation.requireSame(
        judged, ArgumentChecks.text("fingerprint", fingerprint), action());
    if (judged.before().isPresent() && judged.verdict() != Verdict.NONE && orAmend) {
      amending(checked).commit(fingerprint);
    }
    // What others define or amend meanwhile was not planned, and is not amended.
    return session.ledger().commit(new Definition(checked), session.deadline());
  }

  /** Tells whoever runs a program that it says less protection than there is. */
  private void warnOfKept(Checked checked) {
    session
        .catalog()
        .findProduct(product)
        .map(there -> session.catalog().requireVersion(product, there.currentMajor(), action()))
        .ifPresent(
            version ->
                ProtectionReduction.findings(
                        version.contract(), checked.contract(), product.toString())
                    .forEach(finding -> LOG.warn("{}: {}", action(), finding.what())));
  }

  /** True if only its contract is another than what is said now. */
  private boolean isOtherwise(ProductEntry existing) {
    session.authorizer().requireOwner(product.domain(), action());
    return existing.name().equals(product) && differences(existing).equals(List.of(CONTRACT));
  }

  private AmendmentOperation amending(Checked checked) {
    return new AmendmentOperation(
        session,
        product,
        null,
        inForce -> checked.contract(),
        null,
        ProtectionReduction.Said.KEEPING,
        action());
  }

  private AmendmentEvaluation evaluate(Checked checked) {
    session.authorizer().requireOwner(product.domain(), action());
    Optional<ProductEntry> existing = session.catalog().findProduct(product);
    if (existing.isEmpty()) {
      return ofNew(checked);
    }
    AmendmentEvaluation amended = amending(checked).evaluate();
    List<String> differences = new ArrayList<>(differences(existing.get()));
    if (orAmend) {
      differences.remove(CONTRACT);
    }
    if (differences.isEmpty()) {
      return amended;
    }
    return amended.with(
        Finding.error(
            "ALREADY_EXISTS",
            product.toString(),
            "It exists, and its " + String.join(", ", differences) + " is not as it is said now.",
            differences.contains(CONTRACT)
                ? "Say orAmend(), or amend it with amendContract(..)."
                : "Say it as it is, or leave it out."));
  }

  private AmendmentEvaluation ofNew(Checked checked) {
    String table = TableName.of(product, FIRST_MAJOR).toString();
    DomainEntry domain = session.catalog().requireDomain(product.domain(), action());
    RightsDocuments documents = session.rights().with(Map.of());
    PolicySnapshot without = documents.ofNoProduct(domain);
    PolicySnapshot with =
        documents.ofNewProduct(domain, product, checked.contract(), checked.schema());
    List<Finding> findings =
        new ArrayList<>(AmendmentAccessChange.withheld(Optional.empty(), with, product));
    findings.addAll(
        RuleTargets.missing(
            checked.contract(),
            new PinnedProducts(session, product, session.deadline(), action())));
    return new AmendmentEvaluation(
            product,
            Optional.empty(),
            ContractVersion.FIRST,
            Verdict.MINOR,
            checked.contract().compatibility(),
            Optional.empty(),
            List.of(),
            List.of(
                new Step(
                    "make table",
                    table,
                    "of format "
                        + tableFormat
                        + ", with "
                        + checked.schema().columns().size()
                        + " columns; and one beside it for rows set aside",
                    ""),
                new Step(
                    "put in force",
                    product + " " + ContractVersion.FIRST,
                    openToMesh ? "for every domain to read" : "for its own domain to read",
                    "")),
            findings,
            checked.contract().fingerprint(),
            List.of(),
            List.of())
        .with(
            ReadAccessDiff.between(without, with, session.runtime().clock().instant())
                .open(
                    product,
                    openToMesh ? VersionEntry.openColumns(checked.contract()) : List.of(),
                    List.of()));
  }

  private MeshAction action() {
    return MeshAction.of(Verb.DEFINE, product);
  }

  /** A contract and layout that were found legal, and what they become as a table. */
  private record Checked(
      Contract contract, List<Partition> partitioning, Schema schema, PartitionSpec spec) {}

  private Checked checked() {
    if (contract == null) {
      throw new InvalidRequestException(
          ErrorCode.CONTRACT_INVALID,
          "Cannot define "
              + product
              + ": it has no contract. Say contract(Contract.of(..)) with a Java record, an Avro"
              + " schema or a Parquet file.");
    }
    LegalSchema.check(contract.schema(), tableFormat);
    ContractChecks.checkSize(contract, action());
    ContractChecks.checkTexts(contract, action());
    Schema schema = IcebergSchemas.fromAvro(contract.schema());
    List<Partition> layout = partitioning == null ? List.of() : partitioning;
    PartitionCheck.check(layout, schema, action());
    if (openToMesh) {
      ContractChecks.tooSensitiveToBeOpen(contract).ifPresent(ProductDefinition.this::refuseToOpen);
    }
    return new Checked(contract, layout, schema, spec(layout, schema));
  }

  private void refuseToOpen(String why) {
    throw new InvalidRequestException(
        ErrorCode.CONTRACT_INVALID,
        "Cannot open "
            + product
            + " to the mesh: "
            + why
            + ". Leave openToMesh() out, or classify it INTERNAL or PUBLIC.");
  }

  /** What is said now; with {@link #orAmend}, with what is in force where that protects more. */
  private Contract requested(Contract inForce) {
    Contract said = Objects.requireNonNull(contract);
    return orAmend ? ProtectionReduction.kept(inForce, said) : said;
  }

  /** What is otherwise than what is said now. */
  private List<String> differences(ProductEntry existing) {
    VersionEntry version =
        session.catalog().requireVersion(product, existing.currentMajor(), action());
    List<String> differences = new ArrayList<>();
    if (contract != null
        && !((orAmend && version.contract().compatibility() != Compatibility.DISABLED)
            ? version.contract().equals(requested(version.contract()))
            : version.contract().isRestatedBy(requested(version.contract())))) {
      differences.add(CONTRACT);
    }
    if (partitioning != null && !version.partitioning().equals(partitioning)) {
      differences.add("partitioning");
    }
    if (description != null && !existing.description().equals(description)) {
      differences.add("description");
    }
    if (owner != null && !session.catalog().ownerOf(existing, action()).equals(owner)) {
      differences.add("owner");
    }
    return differences;
  }

  private static PartitionSpec spec(List<Partition> layout, Schema schema) {
    PartitionSpec.Builder builder = PartitionSpec.builderFor(schema);
    for (Partition partition : layout) {
      switch (partition.transform()) {
        case IDENTITY -> builder.identity(partition.column());
        case YEAR -> builder.year(partition.column());
        case MONTH -> builder.month(partition.column());
        case DAY -> builder.day(partition.column());
        case HOUR -> builder.hour(partition.column());
        case BUCKET -> builder.bucket(partition.column(), partition.size());
        case TRUNCATE -> builder.truncate(partition.column(), partition.size());
      }
    }
    return builder.build();
  }

  private final class Definition implements Ledger.Change<ProductCard> {
    private final Checked checked;

    Definition(Checked checked) {
      this.checked = checked;
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
      // Tables before the product: both come in one commit, so a product that is missing after its
      // table was seen is not one that somebody is defining right now.
      List<TableName> left = Stream.of(rows(), badRows()).filter(session.tables()::exists).toList();
      Optional<ProductEntry> existing = session.catalog().findProduct(product);
      if (existing.isPresent()) {
        checkAlike(existing.get());
        return openToMesh && !existing.get().openToMesh()
            ? opened(existing.get(), domain)
            : CommitDraft.unchanged(ProductDescriptions.of(session, existing.get()));
      }
      if (!left.isEmpty()) {
        throw new AlreadyExistsException(
            ErrorCode.ALREADY_EXISTS,
            "Cannot define "
                + product
                + ": there is no such product, and yet the registry has the tables "
                + left
                + ". Nothing was changed. Restore the registry from a backup, or choose another"
                + " name.");
      }
      CommitDraft<ProductCard> draft =
          CommitDraft.of("product.defined", session.principal(), product.toString());
      draft
          .check(domain.stored())
          .detail("contractVersion", ContractVersion.FIRST.toString())
          .detail("contractFingerprint", checked.contract().fingerprint());
      String about = description == null ? checked.contract().description() : description;
      ObjectNode card = DocumentJson.create();
      ProductEntry.write(card, product, about, Optional.ofNullable(owner), openToMesh, FIRST_MAJOR);
      ObjectNode major = DocumentJson.create();
      VersionEntry.writeMajor(major, FIRST_MAJOR, VersionEntry.ACTIVE, ContractVersion.FIRST);
      ObjectNode version = DocumentJson.create();
      VersionEntry.writeContract(
          version, ContractVersion.FIRST, checked.contract(), checked.partitioning());
      FieldIds.write(version, checked.contract(), checked.schema());
      draft
          .insert(RegistryKeys.product(product), card)
          .insert(RegistryKeys.major(product, FIRST_MAJOR), major)
          .insert(RegistryKeys.contract(product, ContractVersion.FIRST), version);
      makeTables(draft, attempt);
      return draft.result(
          ProductDescriptions.ofNew(
              product,
              about,
              owner == null ? domain.domain().owner() : owner,
              openToMesh,
              checked.contract(),
              checked.partitioning()));
    }

    /** What was kept to its domain so far is opened; nothing else changes. */
    private CommitDraft<ProductCard> opened(ProductEntry existing, DomainEntry domain) {
      ObjectNode card = existing.stored().json().deepCopy();
      ProductEntry.write(
          card,
          product,
          existing.description(),
          existing.ownOwner(),
          true,
          existing.currentMajor());
      ProductCard before = ProductDescriptions.of(session, existing);
      CommitDraft<ProductCard> draft =
          CommitDraft.of("product.opened", session.principal(), product.toString());
      // Whatever is read of it is open then, and an amendment of any of it must not slip between.
      for (int major : session.catalog().majors(product)) {
        VersionEntry version = session.catalog().requireVersion(product, major, action());
        ContractChecks.tooSensitiveToBeOpen(version.contract())
            .ifPresent(ProductDefinition.this::refuseToOpen);
        draft.check(version.majorStored()).check(version.contractStored());
      }
      return draft
          .check(domain.stored())
          .replace(existing.stored(), card)
          .result(
              new ProductCard(
                  before.name(),
                  before.description(),
                  before.owner(),
                  before.classification(),
                  true,
                  before.columns(),
                  before.versions(),
                  before.current(),
                  before.quality(),
                  before.access()));
    }

    private TableName rows() {
      return TableName.of(product, FIRST_MAJOR);
    }

    private TableName badRows() {
      return rows().quarantined();
    }

    private void makeTables(CommitDraft<ProductCard> draft, Ledger.Attempt attempt) {
      Map<String, String> properties = FilteredColumns.properties(checked.contract());
      properties.put("meshwork.product", product.toString());
      session
          .tables()
          .create(rows(), checked.schema(), checked.spec(), tableFormat, properties, attempt)
          .stage(draft);
      session
          .tables()
          .create(
              badRows(),
              QuarantineTable.SCHEMA,
              QuarantineTable.SPEC,
              tableFormat,
              Map.of("meshwork.product", product.toString()),
              attempt)
          .stage(draft);
    }

    private void checkAlike(ProductEntry existing) {
      if (!existing.name().equals(product)) {
        throw new AlreadyExistsException(
            ErrorCode.ALREADY_EXISTS,
            "Cannot define "
                + product
                + ": "
                + existing.name()
                + " has the same storage name. Use that product, or choose another name.");
      }
      VersionEntry version =
          session.catalog().requireVersion(product, existing.currentMajor(), action());
      List<String> differences = differences(existing);
      if (!differences.isEmpty()) {
        throw new AlreadyExistsException(
            ErrorCode.ALREADY_EXISTS,
            "Cannot define "
                + product
                + ": it exists as version "
                + version.version()
                + ", and its "
                + String.join(", ", differences)
                + (differences.size() == 1 ? " differs" : " differ")
                + " from what is said now. Nothing was changed. Define it as it is, or choose"
                + " another name."
                + (differences.contains(CONTRACT) && !orAmend
                    ? " To change the contract say amendContract(..), or orAmend() here; plan()"
                        + " shows what that means."
                    : ""));
      }
    }
  }
}
