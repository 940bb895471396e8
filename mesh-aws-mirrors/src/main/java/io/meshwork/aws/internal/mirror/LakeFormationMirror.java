package io.meshwork.aws.internal.mirror;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.aws.internal.mirror.LakeFormationObject.Stage;
import io.meshwork.aws.internal.mirror.glue.GlueKey;
import io.meshwork.aws.internal.mirror.glue.RoleClients;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.MirroredObject;
import io.meshwork.internal.mirror.Mirror;
import io.meshwork.internal.rights.CatalogAccess.OmittedGrant;
import io.meshwork.internal.runtime.Deadline;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;

/**
 * Lake Formation of one account: of the account of a catalog, or of an account that receives grants
 * of the catalog and passes them on. Used by one thread.
 */
final class LakeFormationMirror implements Mirror {
  /** The name of the mirror with tags, filters, and grants of the owner. */
  static final String GRANTS = "lakeformation";

  private static final String SETTINGS = "lakeformation-settings";

  private final String name;
  private final LakeFormationCatalog catalog;
  private final String account;
  private final Set<Stage> stages;
  private final RoleClients role;
  private final Supplier<LakeFormationClient> client;
  private final LakeFormationFailure failure;
  private final Set<String> databases = new TreeSet<>();

  /** The keys of values of tags that the replies did not have, and perhaps lacked. */
  private final Set<String> unseen = new HashSet<>();

  /** The keys of databases and tables that IAM alone opens, as they were read last. */
  private final Set<String> open = new TreeSet<>();

  private boolean isReader = true;

  private LakeFormationMirror(
      String name, LakeFormationCatalog catalog, Set<Stage> stages, RoleClients role) {
    this.name = name;
    this.catalog = catalog;
    this.account = role.account();
    this.stages = stages;
    this.role = role;
    this.client = role::lakeFormation;
    this.failure = new LakeFormationFailure(role.role().toString(), account, catalog.region());
  }

  /**
   * The settings and locations in the account of a catalog. They are applied before databases and
   * tables are created: without them, all principals that IAM allows could use these.
   */
  static LakeFormationMirror settings(LakeFormationCatalog catalog, RoleClients role) {
    return new LakeFormationMirror(
        SETTINGS, catalog, EnumSet.of(Stage.SETTINGS, Stage.LOCATION), role);
  }

  /** Tags, filters, and grants of the owner, in the account of a catalog. */
  static LakeFormationMirror grants(LakeFormationCatalog catalog, RoleClients role) {
    return new LakeFormationMirror(
        GRANTS, catalog, EnumSet.complementOf(EnumSet.of(Stage.SETTINGS, Stage.LOCATION)), role);
  }

  /**
   * The grants that an account passes on to its principals, and grants on its links. {@link
   * RecipientMirror} adds the links themselves.
   */
  static LakeFormationMirror recipient(LakeFormationCatalog catalog, RoleClients role) {
    return new LakeFormationMirror(
        nameOf(role.account()), catalog, EnumSet.allOf(Stage.class), role);
  }

  /** Returns the name of the mirror with what an account passes on. */
  static String nameOf(String recipient) {
    return LakeFormationCatalog.RECIPIENT + recipient;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean holdsRights() {
    return stages.contains(Stage.GRANT);
  }

  private boolean ofCatalog() {
    return account.equals(catalog.account());
  }

  @Override
  public WantedObjects wanted() {
    List<LakeFormationObject> objects =
        ofCatalog() ? catalog.objects() : catalog.objectsOfRecipient(account);
    Predicate<String> shown = catalog.product().map(this::shown).orElse(key -> true);
    List<Image> images = new ArrayList<>();
    for (LakeFormationObject object : objects) {
      if (stages.contains(object.stage()) && shown.test(object.key())) {
        String content = contentOf(object);
        images.add(
            new Image(
                object.key(),
                object.stage().ordinal(),
                object.container(),
                content,
                content,
                Optional.empty(),
                object.nextDue(),
                Optional.empty()));
      }
    }
    if (ofCatalog() && stages.contains(Stage.OPT_IN)) {
      addOptIns(images);
    }
    List<Refusal> refusals = new ArrayList<>(catalog.uncertain());
    if (!ofCatalog()) {
      refusals.addAll(catalog.namedLinks(account).refusals());
    }
    if (ofCatalog() && stages.contains(Stage.GRANT)) {
      catalog.omitted().forEach(omitted -> refusals.add(refusal(omitted)));
    }
    return new WantedObjects(images, refusals);
  }

  /**
   * A principal that was opted in stays so, also without a grant: otherwise IAM would decide again.
   * Its record tells explanations that IAM does not.
   */
  private void addOptIns(List<Image> images) {
    Set<String> keys = new TreeSet<>();
    images.forEach(image -> keys.add(image.key()));
    for (JsonNode optIn : catalog.optIns()) {
      JsonNode resource = optIn.path(GrantEntries.RESOURCE);
      String key = LakeFormationKeys.optIn(optIn.path(GrantEntries.PRINCIPAL).asText(), resource);
      String database = LakeFormationJson.database(resource).orElseThrow();
      String on = LakeFormationKeys.closed(database, LakeFormationJson.table(resource));
      if (keys.contains(on) && keys.add(key)) {
        images.add(
            Image.of(
                key,
                Stage.OPT_IN.ordinal(),
                Optional.of(LakeFormationKeys.closed(database, Optional.empty())),
                Mirror.contentOf(optIn),
                ""));
      }
    }
  }

  private static String contentOf(LakeFormationObject object) {
    return Mirror.contentOf(object.content());
  }

  private static Refusal refusal(OmittedGrant omitted) {
    return Refusal.ofObject(
        "omitted/" + omitted.grant().id(),
        new Finding(
            omitted.code(),
            Finding.Severity.WARNING,
            omitted.domain(),
            "Lake Formation cannot hold grant "
                + omitted.grant().id()
                + " to "
                + omitted.grant().to()
                + ", so engines that ask Lake Formation deny what it gives.",
            0,
            List.of(),
            "Grant it to roles directly, or in another form."));
  }

  @Override
  public Optional<ProductObjects> ofProduct() {
    return catalog.product().map(this::objectsOf);
  }

  private ProductObjects objectsOf(ProductTables tables) {
    return ofCatalog() ? tables.inLakeFormation() : tables.inRecipient();
  }

  /**
   * Returns which keys a mirror of one product shows: the keys of its tables, and the opt-ins of
   * its readers on the database. A recipient also gets what its links need, and links that its
   * domain gave names to. A database of links that all principals see, perhaps by another product,
   * needs no more.
   */
  private Predicate<String> shown(ProductTables tables) {
    ProductObjects product = objectsOf(tables);
    if (ofCatalog()) {
      return key -> product.has(key) || tables.isOptInOnDatabase(key);
    }
    Set<String> links = new TreeSet<>();
    catalog.shares().with(account).forEach(share -> links.add(share.link()));
    catalog.namedLinks(account).links().forEach(link -> links.add(link.database()));
    List<String> seen =
        links.stream().filter(this::allSee).map(LakeFormationKeys::grantsOnDatabase).toList();
    return key ->
        product.has(key)
            || tables.isOptInOnDatabase(key)
            || key.equals(LakeFormationKeys.SETTINGS)
            || key.startsWith(LakeFormationKeys.SHARE)
            || (links.stream().anyMatch(database -> LakeFormationKeys.isOfLinks(key, database))
                && seen.stream().noneMatch(key::startsWith));
  }

  private boolean allSee(String links) {
    return catalog.isRecorded(
        name,
        LakeFormationKeys.grant(
            Grantee.principalsOf(account).id(), LakeFormationJson.database(account, links)));
  }

  /**
   * Tags of a table decide what grants on many products give, so they are left to a run of all,
   * unless the table ends.
   */
  @Override
  public boolean isIndependent(ObjectChange change) {
    return !ofCatalog()
        || !change.key().startsWith(LakeFormationKeys.ASSIGNMENT)
        || catalog.isEnded(change.key());
  }

  @Override
  public Map<String, ServiceObject> actual(Set<String> keys) {
    databases.addAll(keys);
    if (keys.isEmpty()) {
      return Map.of();
    }
    LakeFormationActual actual = actual(databases, catalog.product().isPresent());
    isReader = !stages.contains(Stage.GRANT) || actual.isAdministrator();
    // The settings make it an administrator, before other objects are created or removed.
    if (!isReader) {
      return Map.of();
    }
    Map<String, ServiceObject> objects = new TreeMap<>(actual.read());
    unseen.clear();
    open.clear();
    open.addAll(actual.open());
    open.retainAll(databases);
    keys.stream()
        .filter(key -> !objects.containsKey(key))
        .filter(key -> actual.incomplete().stream().anyMatch(key::startsWith))
        .forEach(unseen::add);
    return objects;
  }

  /**
   * Lake Formation shows an administrator all objects, except some values of a tag with many, and
   * others their own and the settings.
   */
  @Override
  public boolean sees(String key) {
    return isReader ? !unseen.contains(key) : key.equals(LakeFormationKeys.SETTINGS);
  }

  private LakeFormationActual actual(Set<String> objects, boolean isOfTables) {
    return new LakeFormationActual(
        client.get(),
        failure,
        catalog.account(),
        account,
        catalog.settings(account),
        objects,
        isOfTables);
  }

  /** Asks only for what is on the same table: a new mesh reads each of its tables again. */
  @Override
  public Optional<ServiceObject> read(String key) {
    databases.add(key);
    Set<String> objects = new TreeSet<>(Set.of(key));
    LakeFormationKeys.closedWith(key).filter(databases::contains).ifPresent(objects::add);
    return Optional.ofNullable(actual(objects, LakeFormationKeys.isOnTable(key)).read().get(key));
  }

  /** With hybrid access, what IAM opened stays open. */
  @Override
  public List<ServiceCall> calls(ObjectChange change) {
    if (catalog.isHybrid() && change.key().startsWith(LakeFormationKeys.CLOSED)) {
      return List.of();
    }
    return new LakeFormationChanges(catalog.account(), account, failure, client).calls(change);
  }

  @Override
  public boolean isAdoptable(String key) {
    return true;
  }

  /** Permissions on links, and permissions that only describe, give no access to rows. */
  @Override
  public Optional<String> closing(String key, ServiceObject object) {
    if (!key.startsWith(LakeFormationKeys.GRANT)
        || !GrantEntries.givesAccess(
            DocumentJson.parseObject(key, object.content()), catalog.account())) {
      return Optional.empty();
    }
    return Optional.of(
        calls(new ObjectChange(key, Optional.empty(), Set.of(), Optional.of(object))).stream()
            .map(ServiceCall::command)
            .collect(Collectors.joining("; ")));
  }

  @Override
  public List<Finding> remarks() {
    return catalog.isHybrid() && !open.isEmpty() ? List.of(opened()) : List.of();
  }

  private Finding opened() {
    return new Finding(
        FindingCode.MIRROR_FOREIGN,
        Finding.Severity.NOTE,
        name + " in " + account,
        "IAM alone opens "
            + String.join(
                ", ",
                open.stream().map(key -> key.substring(LakeFormationKeys.CLOSED.length())).toList())
            + " to principals of this account that are not opted in (hybridAccess()).",
        open.size(),
        List.of(),
        "Grant in the mesh what they read. Then run the mirrors without hybridAccess(): they end"
            + " this access.");
  }

  @Override
  public List<Finding> probe(Deadline deadline) {
    return ofCatalog() && stages.contains(Stage.GRANT)
        ? new PendingShares(role, catalog.region()).findings(catalog.outsiders(), deadline)
        : List.of();
  }

  @Override
  public Optional<String> excluded(Image image) {
    return image.key().startsWith(LakeFormationKeys.GRANT)
        ? GrantEntries.excluded(DocumentJson.parseObject(image.key(), image.content()))
        : Optional.empty();
  }

  /** Rights are on databases and tables of Glue. */
  @Override
  public Optional<String> subject(String earlier, Image image) {
    return earlier.equals(MirroredObject.GLUE)
        ? LakeFormationJson.glueKey(DocumentJson.parseObject(image.key(), image.content()))
        : Optional.empty();
  }

  /**
   * Permissions on tables that do not exist, and in locations that are not registered, are lost.
   */
  @Override
  public boolean dependsOn(String earlier, ObjectChange change) {
    return change.wanted().isEmpty()
        && stages.contains(Stage.GRANT)
        && (earlier.equals(MirroredObject.GLUE) || earlier.equals(SETTINGS));
  }

  /** The mirror to Glue closes a table before it gets columns. */
  @Override
  public Map<String, ServiceObject> changedBy(
      String earlier, ObjectChange change, Map<String, ServiceObject> actual) {
    if (!name.equals(GRANTS) || !earlier.equals(MirroredObject.GLUE) || !NewColumns.areIn(change)) {
      return Map.of();
    }
    String key = NewColumns.tag(GlueKey.of(change.key()));
    ServiceObject tag = actual.get(key);
    return tag == null ? Map.of() : Map.of(key, NewColumns.closed(tag));
  }

  @Override
  public boolean isLimitedBy(String at, Optional<ObjectChange> other, ObjectChange change) {
    return (at.equals(name) || at.equals(GRANTS)) && GrantLimits.isLimited(other, change);
  }

  @Override
  public boolean isInterim(String key, String content) {
    return key.startsWith(LakeFormationKeys.ASSIGNMENT)
        ? NewColumns.isClosed(content)
        : name.equals(GRANTS)
            && key.startsWith(LakeFormationKeys.GRANT)
            && TemporaryGrant.isTemporary(DocumentJson.parseObject(key, content), account);
  }

  /** A change of permissions may be two calls: one that revokes, and one that grants. */
  @Override
  public boolean isPartial(Optional<String> before, Optional<String> after, String actual) {
    return PartialGrant.isBetween(before, after, actual);
  }
}
