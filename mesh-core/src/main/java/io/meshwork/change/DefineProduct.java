package io.meshwork.change;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.card.ProductCard;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import io.meshwork.error.AlreadyExistsException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.Documents;
import io.meshwork.internal.ledger.Draft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.quality.RuleTargets;
import io.meshwork.internal.runtime.Arguments;
import io.meshwork.internal.scan.PinnedProducts;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.schema.LegalSchema;
import io.meshwork.internal.session.Cards;
import io.meshwork.internal.session.Session;
import io.meshwork.internal.session.Target;
import io.meshwork.internal.table.FilteredColumns;
import io.meshwork.internal.table.QuarantineTable;
import io.meshwork.internal.table.TableName;
import io.meshwork.operation.Plan.Step;
import io.meshwork.operation.PlannedOperation;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import io.meshwork.product.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Defines a product: its contract gets version 1.0.0, and the tables of major 1 are made with it.
 * Said again alike it changes nothing, except that what was kept to its domain may be opened; said
 * differently it is refused, unless {@link #orAmend} is said and the contract may follow the one in
 * force. One thread.
 */
public final class DefineProduct implements PlannedOperation<ContractPlan, ProductCard> {
  private static final int FIRST_MAJOR = 1;
  private static final String CONTRACT = "contract";

  private final Session session;
  private final ProductName product;
  private @Nullable Contract contract;
  private @Nullable List<Partition> partitioning;
  private @Nullable String description;
  private @Nullable String owner;
  private boolean openToMesh;
  private boolean orAmend;
  private int tableFormat = 2;

  private DefineProduct(Session session, ProductName product) {
    this.session = session;
    this.product = product;
  }

  /** Called by {@code MeshClient.defineProduct}. */
  public static DefineProduct of(Session session, @Nullable CharSequence product) {
    return new DefineProduct(session, Target.produced(session, product, "define"));
  }

  /** What the product promises. Required. */
  public DefineProduct contract(Contract promised) {
    contract = Arguments.given("contract", promised);
    return this;
  }

  /** How rows are laid out in files; not part of the promise. Default: not partitioned. */
  public DefineProduct partitionedBy(Partition... partitions) {
    partitioning = Arguments.all("partitionedBy", partitions);
    return this;
  }

  /** Says what the product is about. Default: the contract's description. */
  public DefineProduct describedAs(String text) {
    description = Arguments.text("describedAs", text);
    return this;
  }

  /** Contact of those who answer for it. Default: whoever is the domain's owner at the time. */
  public DefineProduct ownedBy(String contact) {
    owner = Arguments.text("ownedBy", contact);
    return this;
  }

  /**
   * Every domain of the mesh may read it. Default: only its own domain does. Refused for a product
   * or column above INTERNAL.
   */
  public DefineProduct openToMesh() {
    openToMesh = true;
    return this;
  }

  /**
   * The Iceberg format version of its tables: 2 (default) or 3, which nanosecond timestamps need.
   */
  public DefineProduct tableFormat(int version) {
    if (version != 2 && version != 3) {
      throw Arguments.refused("tableFormat", "is " + version, "Give 2 or 3.");
    }
    tableFormat = version;
    return this;
  }

  /**
   * If it exists with another contract, amends that as far as it breaks nobody, as {@code
   * amendContract(..)} would; so a deployment may say this each time. Layout, description and owner
   * have to be as they are, or unsaid.
   */
  public DefineProduct orAmend() {
    orAmend = true;
    return this;
  }

  /**
   * What committing would mean, and what would be done. Changes nothing.
   *
   * @throws InvalidRequestException if the contract is missing or not legal
   * @throws io.meshwork.error.AccessDeniedException if the caller does not act for the domain
   * @throws io.meshwork.error.NotFoundException if there is no such domain
   */
  @Override
  public ContractPlan plan() {
    session.checkOpen(doing());
    return new ContractPlan(judged(checked()), this::commitAsPlanned);
  }

  /**
   * Puts the contract in force and makes the tables, all in one registry transaction. Where {@link
   * #orAmend} amends, that is a transaction of its own, and opening the product comes after it.
   *
   * @throws InvalidRequestException if the contract is missing or not legal, with every gap at
   *     once; CHANGE_INCOMPATIBLE if it may not follow the one in force
   * @throws io.meshwork.error.AccessDeniedException if the caller does not act for the domain
   * @throws io.meshwork.error.NotFoundException if there is no such domain
   * @throws AlreadyExistsException if the product exists and is different, or its storage name is
   *     taken
   */
  @Override
  public ProductCard commit() {
    session.checkOpen(doing());
    Checked checked = checked();
    if (orAmend && session.catalog().findProduct(product).filter(this::isOtherwise).isPresent()) {
      amending(checked).commit(null);
    }
    return session.ledger().commit(new Definition(checked), session.deadline());
  }

  @Override
  public ProductCard commitAsPlanned(String fingerprint) {
    session.checkOpen(doing());
    Judgement judged = judged(checked());
    Amending.requireSame(judged, Arguments.text("fingerprint", fingerprint), doing());
    if (judged.before().isPresent() && judged.verdict() != Verdict.NONE && orAmend) {
      amending(checked()).commit(fingerprint);
    }
    return commit();
  }

  /** True if only its contract is another than what is said now. */
  private boolean isOtherwise(ProductEntry existing) {
    session.admission().actsFor(product.domain(), doing());
    return existing.name().equals(product) && differences(existing).equals(List.of(CONTRACT));
  }

  private Amending amending(Checked checked) {
    return new Amending(session, product, null, inForce -> checked.contract(), null, doing());
  }

  private Judgement judged(Checked checked) {
    session.admission().actsFor(product.domain(), doing());
    Optional<ProductEntry> existing = session.catalog().findProduct(product);
    if (existing.isEmpty()) {
      return ofNew(checked);
    }
    Judgement amended = amending(checked).judged();
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

  private Judgement ofNew(Checked checked) {
    String table = TableName.of(product, FIRST_MAJOR).toString();
    return new Judgement(
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
        RuleTargets.missing(
            checked.contract(), new PinnedProducts(session, product, session.deadline(), doing())),
        checked.contract().fingerprint());
  }

  private String doing() {
    return "define " + product;
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
    ContractChecks.checkSize(contract, doing());
    Schema schema = IcebergSchemas.fromAvro(contract.schema());
    List<Partition> layout = partitioning == null ? List.of() : partitioning;
    Partition.check(layout, schema, doing());
    if (openToMesh) {
      ContractChecks.tooSensitiveToBeOpen(contract).ifPresent(DefineProduct.this::refuseToOpen);
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

  /** What is otherwise than what is said now. */
  private List<String> differences(ProductEntry existing) {
    VersionEntry version =
        session.catalog().requireVersion(product, existing.currentMajor(), doing());
    List<String> differences = new ArrayList<>();
    if (contract != null && !version.contract().equals(contract)) {
      differences.add(CONTRACT);
    }
    if (partitioning != null && !version.partitioning().equals(partitioning)) {
      differences.add("partitioning");
    }
    if (description != null && !existing.description().equals(description)) {
      differences.add("description");
    }
    if (owner != null && !session.catalog().ownerOf(existing, doing()).equals(owner)) {
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
    public String doing() {
      return DefineProduct.this.doing();
    }

    @Override
    public String partition() {
      return Keys.partition(product);
    }

    @Override
    public Draft<ProductCard> draft(Ledger.Attempt attempt) {
      DomainEntry domain = session.admission().actsFor(product.domain(), doing());
      // Tables before the product: both come in one commit, so a product that is missing after its
      // table was seen is not one that somebody is defining right now.
      List<TableName> left = Stream.of(rows(), badRows()).filter(session.tables()::exists).toList();
      Optional<ProductEntry> existing = session.catalog().findProduct(product);
      if (existing.isPresent()) {
        checkAlike(existing.get());
        return openToMesh && !existing.get().openToMesh()
            ? opened(existing.get(), domain)
            : Draft.settled(Cards.of(session, existing.get()));
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
      Draft<ProductCard> draft =
          Draft.of("product.defined", session.principal(), product.toString());
      draft
          .check(domain.stored())
          .detail("contractVersion", ContractVersion.FIRST.toString())
          .detail("contractFingerprint", checked.contract().fingerprint());
      String about = description == null ? checked.contract().description() : description;
      ObjectNode card = Documents.create();
      ProductEntry.write(card, product, about, Optional.ofNullable(owner), openToMesh, FIRST_MAJOR);
      ObjectNode major = Documents.create();
      VersionEntry.writeMajor(major, FIRST_MAJOR, VersionEntry.ACTIVE, ContractVersion.FIRST);
      ObjectNode version = Documents.create();
      VersionEntry.writeContract(
          version, ContractVersion.FIRST, checked.contract(), checked.partitioning());
      draft
          .insert(Keys.product(product), card)
          .insert(Keys.major(product, FIRST_MAJOR), major)
          .insert(Keys.contract(product, ContractVersion.FIRST), version);
      makeTables(draft, attempt);
      return draft.result(
          Cards.ofNew(
              product,
              about,
              owner == null ? domain.domain().owner() : owner,
              openToMesh,
              checked.contract(),
              checked.partitioning()));
    }

    /** What was kept to its domain so far is opened; nothing else changes. */
    private Draft<ProductCard> opened(ProductEntry existing, DomainEntry domain) {
      ObjectNode card = existing.stored().json().deepCopy();
      ProductEntry.write(
          card,
          product,
          existing.description(),
          existing.ownOwner(),
          true,
          existing.currentMajor());
      ProductCard before = Cards.of(session, existing);
      Draft<ProductCard> draft =
          Draft.of("product.opened", session.principal(), product.toString());
      // Whatever is read of it is open then, and an amendment of any of it must not slip between.
      for (int major : session.catalog().majors(product)) {
        VersionEntry version = session.catalog().requireVersion(product, major, doing());
        ContractChecks.tooSensitiveToBeOpen(version.contract())
            .ifPresent(DefineProduct.this::refuseToOpen);
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

    private void makeTables(Draft<ProductCard> draft, Ledger.Attempt attempt) {
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
          session.catalog().requireVersion(product, existing.currentMajor(), doing());
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
                    ? " To change the contract say amendContract(..), or orAmend() here; plan() shows"
                        + " what that means."
                    : ""));
      }
    }
  }
}
