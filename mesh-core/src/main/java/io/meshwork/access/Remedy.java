package io.meshwork.access;

import io.meshwork.access.AccessEdit.AddGrant;
import io.meshwork.access.AccessEdit.AddOptIn;
import io.meshwork.access.AccessEdit.Revoke;
import io.meshwork.access.AccessEdit.SetAccount;
import io.meshwork.access.AccessEdit.SetPrincipal;
import io.meshwork.access.AccessEdit.SetShare;
import io.meshwork.access.AccessFacts.Account;
import io.meshwork.access.AccessFacts.PrincipalFacts;
import io.meshwork.access.AccessFacts.Share;
import io.meshwork.access.AccessFacts.ShareStatus;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The next step for one missing thing: edits that owners, recipients and IAM could really make. */
final class Remedy {
  private final Estate estate;
  private final AccessQuestion question;
  private final Place place;
  private final Resource target;
  private final String owner;
  private final String home;
  private final String id;

  /**
   * A remedy in a state.
   *
   * @param id of the grant that is proposed, if one is
   */
  Remedy(Estate estate, AccessQuestion question, String id) {
    this.estate = estate;
    this.question = question;
    this.place = Place.of(estate, question.on());
    this.target = place.target(question.on());
    this.owner = target.account();
    this.home = Grantee.accountOf(question.principal().id());
    this.id = id;
  }

  /** The edits that give what a code says is missing; none if nothing does. */
  List<AccessEdit> step(String code, List<String> missing) {
    return switch (code) {
      case "IAM_GLUE", "IAM_GET_DATA_ACCESS" -> principal(true, List.of());
      case "S3_ACCESS" -> principal(false, ownLocation());
      case "LINK_DESCRIBE" -> onLink(Permission.DESCRIBE);
      case "LOCAL_GRANT" -> handedOn();
      case "ACCOUNT_GRANT" -> shared();
      case "RAM_SHARE" -> inForce();
      case "OPT_IN" -> List.of(new AddOptIn(new AccessFacts.OptIn(question.principal(), target)));
      case "DATA_LOCATION" -> dataLocation();
      case "UNKNOWN_RESOURCE", "LINK_CHAIN" -> List.of();
      default -> granted(missing);
    };
  }

  private List<AccessEdit> principal(boolean leave, List<String> more) {
    PrincipalFacts known = estate.principal(question.principal().id());
    Set<String> places = new TreeSet<>(known.s3());
    places.addAll(more);
    return List.of(
        new SetPrincipal(
            new PrincipalFacts(
                known.arn(),
                known.groups(),
                leave || known.glue(),
                leave || known.getDataAccess(),
                List.copyOf(places))));
  }

  private List<String> ownLocation() {
    TableNode table = place.table();
    return table == null ? List.of() : table.table().location().stream().toList();
  }

  private List<AccessEdit> onLink(Permission permission) {
    LinkNode link = place.link();
    if (link == null || !link.link().account().equals(home)) {
      return List.of();
    }
    String account = link.link().account();
    String name = link.link().name();
    Resource on =
        link.in().isPresent()
            ? new Resource.Table(account, link.in().get().database().name(), name)
            : new Resource.Database(account, name);
    return List.of(new AddGrant(Grant.of(id, question.principal(), on, permission)));
  }

  private List<AccessEdit> granted(List<String> missing) {
    if (place.linkItself() && question.action() == Permission.DROP) {
      return onLink(Permission.DROP);
    }
    TableNode table = place.table();
    for (String code : missing) {
      if (table != null
          && code.startsWith("COLUMN:")
          && table.place(code.substring("COLUMN:".length())) == null) {
        return List.of();
      }
    }
    if (owner.equals(home)) {
      return proposed(question.principal(), owner);
    }
    return estate.account(owner).crossAccountVersion() < 3
        ? shared()
        : proposed(question.principal(), owner);
  }

  /** A share with the account, to be handed on there. */
  private List<AccessEdit> shared() {
    List<AccessEdit> edits = new ArrayList<>();
    for (AccessEdit edit : proposed(Grantee.account(home), owner)) {
      edits.add(edit instanceof AddGrant add ? new AddGrant(add.grant().withGrantOption()) : edit);
    }
    return edits;
  }

  /** A grant in the principal's account; first the option to make it, where nobody there has it. */
  private List<AccessEdit> handedOn() {
    List<AccessEdit> local = proposed(question.principal(), home);
    for (AccessEdit edit : local) {
      if (edit instanceof AddGrant add
          && !Feasible.somebodyMay(estate, add.grant(), question.at())) {
        List<AccessEdit> both = new ArrayList<>();
        both.addAll(new Remedy(estate, question, id + "-share").shared());
        both.addAll(local);
        return both;
      }
    }
    return local;
  }

  private List<AccessEdit> dataLocation() {
    String location = question.location().orElse("");
    Resource on = new Resource.Location(owner, location);
    Grant grant = Grant.of(id, question.principal(), on, Permission.DATA_LOCATION_ACCESS);
    return List.of(new AddGrant(grant));
  }

  private List<AccessEdit> inForce() {
    Share share = new Share(owner, home, ShareStatus.ACCEPTED);
    if (!estate.shareInForce(owner, home, false)) {
      return List.of(new SetShare(share));
    }
    Account known = estate.account(owner);
    Set<String> named = new HashSet<>(known.tagPolicyAccounts());
    named.add(home);
    return List.of(
        new SetAccount(
            new Account(
                known.id(),
                known.organization(),
                known.units(),
                known.admins(),
                known.readOnlyAdmins(),
                known.crossAccountVersion(),
                named,
                known.sharesInOrganization())));
  }

  /**
   * The narrowest grant that gives the action, with what must be revoked so that it may be made.
   */
  private List<AccessEdit> proposed(Grantee to, String grantor) {
    if (question.action() == Permission.SELECT
        && !question.columns().isEmpty()
        && place.table() != null) {
      Grant narrow = Grant.of(id, to, columns(place.table()), Permission.SELECT).madeIn(grantor);
      if (Feasible.stands(estate, narrow, question.at())) {
        return List.of(new AddGrant(narrow));
      }
    }
    Grant grant = Grant.of(id, to, target, question.action()).madeIn(grantor);
    if (GrantStructure.fault(estate, grant) != null) {
      return List.of();
    }
    List<AccessEdit> edits = new ArrayList<>();
    String sharing = Feasible.sharingFault(estate, grant, question.at());
    if (sharing != null) {
      if (!sharing.equals("IAP_PRESENT")) {
        return List.of();
      }
      openToIam().forEach(open -> edits.add(Revoke.all(open.id())));
    }
    if (!new GrantRules(estate, grant.to(), grant, question.at()).besidesOthers().accepted()) {
      lists(grant).forEach(list -> edits.add(Revoke.all(list.id())));
    }
    edits.add(new AddGrant(grant));
    return edits;
  }

  private Resource columns(TableNode table) {
    Resource.Table on = table.resource();
    List<String> ordinary =
        question.columns().stream()
            .filter(column -> isOrdinary(table, column))
            .map(Fold::of)
            .distinct()
            .toList();
    return new Resource.Columns(on.account(), on.in(), on.name(), ordinary);
  }

  private static boolean isOrdinary(TableNode table, String column) {
    Integer at = table.place(column);
    return at != null && table.ordinary().get(at);
  }

  private List<HeldGrant> openToIam() {
    Standing standing = new Standing(estate, question.principal(), owner, question.at());
    if (place.table() != null) {
      return TableJudge.leftToIam(standing, place.table());
    }
    return place.database() == null
        ? List.of()
        : DatabaseJudge.leftToIam(standing, place.database());
  }

  /** Lists of columns that the grantee holds, which cannot stand beside the grant. */
  private List<HeldGrant> lists(Grant grant) {
    TableNode table = place.table();
    if (table == null) {
      return List.of();
    }
    return estate.grants().held(GrantIndex.key(grant.to()), owner).on(table).stream()
        .filter(HeldGrant::isColumnList)
        .filter(held -> held.madeIn(grant.grantor()) && held.activeAt(question.at()))
        .toList();
  }
}
