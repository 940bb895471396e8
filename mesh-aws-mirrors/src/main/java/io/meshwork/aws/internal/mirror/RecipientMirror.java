package io.meshwork.aws.internal.mirror;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.aws.internal.MirrorSettings;
import io.meshwork.aws.internal.ResourceNames;
import io.meshwork.aws.internal.mirror.glue.RoleClients;
import io.meshwork.error.Finding;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.MirroredObject;
import io.meshwork.internal.mirror.Mirror;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.product.Principal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * The account of a recipient: what a catalog shares with it is accepted, linked in its data
 * catalog, and passed on to its principals. Used by one thread.
 */
final class RecipientMirror implements Mirror {
  private final LakeFormationCatalog catalog;
  private final RoleClients role;
  private final LakeFormationMirror grants;
  private final ShareInvitations shared;
  private final GlueLinks links;
  private final LinkProbe probe;
  private final TemporaryGrant temporary;
  private boolean expectsShares;

  /** What is granted on each link, which ends with the link. */
  private final Map<String, List<Image>> grantsOnLinks = new TreeMap<>();

  /**
   * Creates the mirror.
   *
   * @param role the role of the mesh in the account
   * @param catalogs returns the accounts of all catalogs of the mesh
   */
  RecipientMirror(
      LakeFormationCatalog catalog,
      ResourceNames names,
      RoleClients role,
      Supplier<Set<String>> catalogs) {
    this.catalog = catalog;
    this.role = role;
    this.grants = LakeFormationMirror.recipient(catalog, role);
    this.shared =
        new ShareInvitations(
            catalog.account(),
            names,
            role,
            new ShareInvitations.ExpectedShares(
                () -> catalog.shares().resourcesFor(role.account()),
                account -> catalogs.get().contains(account)));
    this.links = new GlueLinks(names, role, catalog.account(), catalogs);
    this.probe = new LinkProbe(catalog.account(), names, role);
    this.temporary =
        new TemporaryGrant(
            catalog.administrator(role.account()),
            new RoleClients(role.clients(), Principal.of(catalog.account(), MirrorSettings.MIRROR)),
            catalog.region(),
            () -> {
              if (expectsShares) {
                shared.acceptAll();
              }
            });
  }

  @Override
  public String name() {
    return grants.name();
  }

  @Override
  public boolean holdsRights() {
    return true;
  }

  @Override
  public Optional<String> account() {
    return Optional.of(role.account());
  }

  @Override
  public WantedObjects wanted() {
    WantedObjects wanted = grants.wanted();
    expectsShares =
        wanted.images().stream().anyMatch(image -> image.key().startsWith(LakeFormationKeys.SHARE));
    grantsOnLinks.clear();
    for (Image image : wanted.images()) {
      image
          .container()
          .filter(container -> image.key().startsWith(LakeFormationKeys.GRANT))
          .ifPresent(
              link -> grantsOnLinks.computeIfAbsent(link, absent -> new ArrayList<>()).add(image));
    }
    return wanted;
  }

  @Override
  public Optional<ProductObjects> ofProduct() {
    return grants.ofProduct();
  }

  /** Links are read by an administrator of Lake Formation. */
  @Override
  public Map<String, ServiceObject> actual(Set<String> keys) {
    Map<String, ServiceObject> objects = new TreeMap<>(grants.actual(keys));
    if (grants.sees(LakeFormationKeys.LINK)) {
      objects.putAll(links.actual(startingWith(LakeFormationKeys.LINK, keys)));
    }
    objects.putAll(accepted(startingWith(LakeFormationKeys.SHARE, keys)));
    return objects;
  }

  @Override
  public boolean sees(String key) {
    return key.startsWith(LakeFormationKeys.SHARE) || grants.sees(key);
  }

  private static Set<String> startingWith(String prefix, Set<String> keys) {
    Set<String> some = new TreeSet<>(keys);
    some.removeIf(key -> !key.startsWith(prefix));
    return some;
  }

  private Map<String, ServiceObject> accepted(Set<String> keys) {
    Map<String, ServiceObject> objects = new TreeMap<>();
    if (keys.isEmpty()) {
      return objects;
    }
    Set<ShareType> types = EnumSet.noneOf(ShareType.class);
    keys.forEach(key -> types.add(typeOf(key)));
    for (ShareType type : shared.accepted(types)) {
      objects.put(
          LakeFormationKeys.share(type),
          new ServiceObject(
              Optional.empty(), Mirror.contentOf(LinkImages.share(catalog.account(), type)), ""));
    }
    return objects;
  }

  private static ShareType typeOf(String key) {
    return ShareType.named(key.substring(LakeFormationKeys.SHARE.length())).orElseThrow();
  }

  @Override
  public Optional<ServiceObject> read(String key) {
    if (key.startsWith(LakeFormationKeys.SHARE)) {
      return Optional.ofNullable(accepted(Set.of(key)).get(key));
    }
    return key.startsWith(LakeFormationKeys.LINK) ? links.read(key) : grants.read(key);
  }

  /** What was accepted is not given back: its owner ends a share. */
  @Override
  public List<ServiceCall> calls(ObjectChange change) {
    String key = change.key();
    if (key.startsWith(LakeFormationKeys.SHARE)) {
      return change.wanted().isPresent() ? List.of(shared.acceptance(typeOf(key))) : List.of();
    }
    if (key.startsWith(LakeFormationKeys.LINK)) {
      return callsOfLink(change);
    }
    if (isOnSharedDatabase(change)) {
      return List.of();
    }
    List<ServiceCall> calls = new ArrayList<>();
    if (expectsShares && isNewReader(change)) {
      calls.add(shared.acceptance());
    }
    calls.addAll(grants.calls(change));
    return isRevocation(change)
        ? calls.stream().map(call -> temporary.around(call, revoked(change))).toList()
        : calls;
  }

  /** A link that gets another target is recreated, and so is what was granted on it. */
  private List<ServiceCall> callsOfLink(ObjectChange change) {
    List<ServiceCall> calls = new ArrayList<>(links.calls(change));
    if (change.actual().isPresent() && change.wanted().isPresent()) {
      for (Image grant : grantsOnLinks.getOrDefault(change.key(), List.of())) {
        calls.addAll(
            grants.calls(
                new ObjectChange(grant.key(), Optional.of(grant), Set.of(), Optional.empty())));
      }
    }
    return calls;
  }

  /** Who sees a database stays as long as the mirror of another catalog needs it. */
  private boolean isOnSharedDatabase(ObjectChange change) {
    if (change.wanted().isPresent() || !change.key().startsWith(LakeFormationKeys.GRANT)) {
      return false;
    }
    JsonNode resource = revoked(change).path(GrantEntries.RESOURCE);
    return LakeFormationJson.table(resource).isEmpty()
        && LakeFormationJson.database(resource).filter(links::isShared).isPresent();
  }

  /** An invitation to a temporary grant is accepted only if others are expected. */
  private boolean isRevocation(ObjectChange change) {
    return change.wanted().isEmpty()
        && change.key().startsWith(LakeFormationKeys.GRANT)
        && (expectsShares || catalog.isOrganization())
        && GrantEntries.isOn(revoked(change), catalog.account());
  }

  private static JsonNode revoked(ObjectChange change) {
    return GrantEntries.asEntry(
        DocumentJson.parseObject(change.key(), change.actual().orElseThrow().content()));
  }

  /** What is granted to a role of the account is another share, with its own invitation. */
  private static boolean isNewReader(ObjectChange change) {
    return change.actual().isEmpty()
        && change
            .wanted()
            .flatMap(Image::container)
            .filter(container -> container.startsWith(LakeFormationKeys.LINK))
            .isPresent();
  }

  @Override
  public Optional<Finding> objection(ObjectChange change) {
    return change.key().startsWith(LakeFormationKeys.LINK)
        ? links.objection(change)
        : Optional.empty();
  }

  /** A link of others may be in use, so it is never taken over. */
  @Override
  public boolean isAdoptable(String key) {
    return key.startsWith(LakeFormationKeys.GRANT);
  }

  @Override
  public Optional<String> closing(String key, ServiceObject object) {
    return grants.closing(key, object);
  }

  /** Of one product, what else is shared is not known. */
  @Override
  public List<Finding> remarks() {
    return expectsShares && ofProduct().isEmpty() ? shared.remarks() : List.of();
  }

  @Override
  public List<Finding> probe(Deadline deadline) {
    return probe.findings(
        catalog.shares().with(role.account()),
        catalog.namedLinks(role.account()).links(),
        deadline);
  }

  @Override
  public Optional<String> excluded(Image image) {
    return grants.excluded(image);
  }

  /** A link is about its target. */
  @Override
  public Optional<String> subject(String earlier, Image image) {
    return image.key().startsWith(LakeFormationKeys.LINK)
        ? Optional.of(image)
            .filter(link -> earlier.equals(MirroredObject.GLUE))
            .flatMap(link -> LinkImages.target(link.content()))
        : grants.subject(earlier, image);
  }

  /** What is granted to another role of the account is another share, with its own invitation. */
  @Override
  public Set<String> keysAfter(String earlier) {
    Set<String> shares = new TreeSet<>();
    if (earlier.equals(LakeFormationMirror.GRANTS)) {
      for (ShareType type : ShareType.values()) {
        shares.add(LakeFormationKeys.share(type));
      }
    }
    return shares;
  }

  /**
   * What was granted to the whole account, it passed on: it cannot revoke that once the share has
   * ended, or has lost the grant option.
   */
  @Override
  public boolean dependsOn(String earlier, ObjectChange change) {
    return grants.dependsOn(earlier, change)
        || (earlier.equals(LakeFormationMirror.GRANTS)
            && GrantLimits.takesAway(change)
            && change
                .actual()
                .filter(object -> GrantEntries.isToAccount(object.content(), role.account()))
                .isPresent());
  }

  /** A change that also gives more is a removal first: what it gives may need the share. */
  @Override
  public Optional<ObjectChange> madeBefore(
      String earlier, ObjectChange other, ObjectChange change) {
    if (!earlier.equals(LakeFormationMirror.GRANTS)
        || !change.key().startsWith(LakeFormationKeys.GRANT)
        || !GrantLimits.takesAway(change)
        || !(other.key().startsWith(LakeFormationKeys.ASSIGNMENT) || dependsOn(earlier, other))
        || !GrantLimits.mayReduce(other, change)) {
      return Optional.empty();
    }
    return Optional.of(
        GrantLimits.givesMore(change)
            ? new ObjectChange(change.key(), Optional.empty(), change.contents(), change.actual())
            : change);
  }

  @Override
  public boolean isLimitedBy(String at, Optional<ObjectChange> other, ObjectChange change) {
    return grants.isLimitedBy(at, other, change);
  }

  @Override
  public boolean isPartial(Optional<String> before, Optional<String> after, String actual) {
    return grants.isPartial(before, after, actual);
  }
}
