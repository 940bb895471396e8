package io.meshwork.internal.lakeformation.evaluation;

import io.meshwork.access.Permission;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.lakeformation.AccessEdit;
import io.meshwork.internal.lakeformation.AccessEdit.AddGrant;
import io.meshwork.internal.lakeformation.AccessEdit.AddOptIn;
import io.meshwork.internal.lakeformation.AccessEdit.Revoke;
import io.meshwork.internal.lakeformation.AccessEdit.SetAccount;
import io.meshwork.internal.lakeformation.AccessEdit.SetPrincipal;
import io.meshwork.internal.lakeformation.AccessEdit.SetShare;
import io.meshwork.internal.lakeformation.AccessFacts;
import io.meshwork.internal.lakeformation.AccessFacts.Account;
import io.meshwork.internal.lakeformation.AccessFacts.PrincipalFacts;
import io.meshwork.internal.lakeformation.AccessFacts.Share;
import io.meshwork.internal.lakeformation.AccessFacts.ShareStatus;
import io.meshwork.internal.lakeformation.AccessQuestion;
import io.meshwork.internal.lakeformation.CaseInsensitiveNames;
import io.meshwork.internal.lakeformation.Grant;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.Resource;
import io.meshwork.internal.lakeformation.evaluation.AccessDecision.Denial;
import io.meshwork.internal.lakeformation.evaluation.AccessDecision.DenialCode;
import io.meshwork.internal.lakeformation.index.AccessIndex;
import io.meshwork.internal.lakeformation.index.GrantIndex;
import io.meshwork.internal.lakeformation.index.GrantStructure;
import io.meshwork.internal.lakeformation.index.IndexedGrant;
import io.meshwork.internal.lakeformation.index.LinkNode;
import io.meshwork.internal.lakeformation.index.ResolvedResource;
import io.meshwork.internal.lakeformation.index.TableNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds the next step for a missing permission: edits that the owner, the recipient or IAM could
 * make.
 */
final class RemedyFinder {
  private final AccessIndex index;
  private final AccessQuestion question;
  private final ResolvedResource resolved;
  private final Resource target;
  private final String owner;
  private final String home;
  private final String id;

  /**
   * Creates a finder on a state.
   *
   * @param id the id of the proposed grant
   */
  RemedyFinder(AccessIndex index, AccessQuestion question, String id) {
    this.index = index;
    this.question = question;
    this.resolved = ResolvedResource.of(index, question.on());
    this.target = resolved.target(question.on());
    this.owner = target.account();
    this.home = Grantee.accountOf(question.principal().id());
    this.id = id;
  }

  /** The edits that provide the missing item of a code; empty if there are none. */
  List<AccessEdit> step(DenialCode code, List<Denial> missing) {
    return switch (code) {
      case IAM_GLUE, IAM_GET_DATA_ACCESS -> principal(true, List.of());
      case S3_ACCESS -> principal(false, ownLocation());
      case LINK_DESCRIBE -> onLink(Permission.DESCRIBE);
      case LOCAL_GRANT -> passOnEdits();
      case ACCOUNT_GRANT -> shared();
      case RAM_SHARE -> activeShare();
      case OPT_IN -> List.of(new AddOptIn(new AccessFacts.OptIn(question.principal(), target)));
      case DATA_LOCATION -> dataLocation();
      case UNKNOWN_RESOURCE, LINK_CHAIN -> List.of();
      default -> granted(missing);
    };
  }

  private List<AccessEdit> principal(boolean allowIam, List<String> more) {
    PrincipalFacts existing = index.principal(question.principal().id());
    Set<String> locations = new TreeSet<>(existing.s3());
    locations.addAll(more);
    return List.of(
        new SetPrincipal(
            new PrincipalFacts(
                existing.arn(),
                existing.groups(),
                allowIam || existing.glue(),
                allowIam || existing.getDataAccess(),
                List.copyOf(locations))));
  }

  private List<String> ownLocation() {
    TableNode table = resolved.table();
    return table == null ? List.of() : table.table().location().stream().toList();
  }

  private List<AccessEdit> onLink(Permission permission) {
    LinkNode link = resolved.link();
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

  private List<AccessEdit> granted(List<Denial> missing) {
    if (resolved.linkItself() && question.action() == Permission.DROP) {
      return onLink(Permission.DROP);
    }
    TableNode table = resolved.table();
    for (Denial denial : missing) {
      if (table != null
          && denial.code() == DenialCode.COLUMN
          && table.position(denial.column()) == null) {
        return List.of();
      }
    }
    if (owner.equals(home)) {
      return proposed(question.principal(), owner);
    }
    return index.account(owner).crossAccountVersion() < 3
        ? shared()
        : proposed(question.principal(), owner);
  }

  /** A grant to the account with grant option. */
  private List<AccessEdit> shared() {
    List<AccessEdit> edits = new ArrayList<>();
    for (AccessEdit edit : proposed(Grantee.account(home), owner)) {
      edits.add(edit instanceof AddGrant add ? new AddGrant(add.grant().withGrantOption()) : edit);
    }
    return edits;
  }

  /**
   * A grant within the principal's account; first a share with the grant option, if no principal of
   * the account has it.
   */
  private List<AccessEdit> passOnEdits() {
    List<AccessEdit> local = proposed(question.principal(), home);
    for (AccessEdit edit : local) {
      if (edit instanceof AddGrant add
          && !GrantFeasibility.canBeMade(index, add.grant(), question.at())) {
        List<AccessEdit> both = new ArrayList<>();
        both.addAll(new RemedyFinder(index, question, id + "-share").shared());
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

  private List<AccessEdit> activeShare() {
    Share share = new Share(owner, home, ShareStatus.ACCEPTED);
    if (!index.shareInForce(owner, home, false)) {
      return List.of(new SetShare(share));
    }
    Account existing = index.account(owner);
    Set<String> named = new HashSet<>(existing.tagPolicyAccounts());
    named.add(home);
    return List.of(
        new SetAccount(
            new Account(
                existing.id(),
                existing.organization(),
                existing.units(),
                existing.admins(),
                existing.readOnlyAdmins(),
                existing.crossAccountVersion(),
                named,
                existing.sharesInOrganization())));
  }

  /** The narrowest grant that allows the action, after revocations that it requires. */
  private List<AccessEdit> proposed(Grantee to, String grantor) {
    if (question.action() == Permission.SELECT
        && !question.columns().isEmpty()
        && resolved.table() != null) {
      Grant narrow = Grant.of(id, to, columns(resolved.table()), Permission.SELECT).madeIn(grantor);
      if (GrantFeasibility.isPossible(index, narrow, question.at())) {
        return List.of(new AddGrant(narrow));
      }
    }
    Grant grant = Grant.of(id, to, target, question.action()).madeIn(grantor);
    if (GrantStructure.fault(index, grant) != null) {
      return List.of();
    }
    List<AccessEdit> edits = new ArrayList<>();
    FindingCode sharing = GrantFeasibility.sharingFault(index, grant, question.at());
    if (sharing != null) {
      if (sharing != FindingCode.IAP_PRESENT) {
        return List.of();
      }
      grantsToIam().forEach(open -> edits.add(Revoke.all(open.id())));
    }
    if (!new GrantRules(index, grant.to(), grant, question.at()).evaluateConflicts().isEmpty()) {
      conflictingColumnLists(grant).forEach(list -> edits.add(Revoke.all(list.id())));
    }
    edits.add(new AddGrant(grant));
    return edits;
  }

  private Resource columns(TableNode table) {
    Resource.Table on = table.resource();
    List<String> ordinary =
        question.columns().stream()
            .filter(column -> isOrdinary(table, column))
            .map(CaseInsensitiveNames::of)
            .distinct()
            .toList();
    return new Resource.Columns(on.account(), on.in(), on.name(), ordinary);
  }

  private static boolean isOrdinary(TableNode table, String column) {
    Integer at = table.position(column);
    return at != null && table.ordinary().get(at);
  }

  private List<IndexedGrant> grantsToIam() {
    EvaluationContext context =
        new EvaluationContext(index, question.principal(), owner, question.at());
    if (resolved.table() != null) {
      return TableEvaluator.controlledByIam(context, resolved.table());
    }
    return resolved.database() == null
        ? List.of()
        : DatabaseEvaluator.controlledByIam(context, resolved.database());
  }

  private List<IndexedGrant> conflictingColumnLists(Grant grant) {
    TableNode table = resolved.table();
    if (table == null) {
      return List.of();
    }
    return index.grants().grantsOf(GrantIndex.key(grant.to()), owner).on(table).stream()
        .filter(IndexedGrant::isColumnList)
        .filter(held -> held.madeIn(grant.grantor()) && held.activeAt(question.at()))
        .toList();
  }
}
