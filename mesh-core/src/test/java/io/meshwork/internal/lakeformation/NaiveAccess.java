package io.meshwork.internal.lakeformation;

import io.meshwork.access.Permission;
import io.meshwork.internal.lakeformation.AccessFacts.Account;
import io.meshwork.internal.lakeformation.AccessFacts.DataFilter;
import io.meshwork.internal.lakeformation.AccessFacts.Database;
import io.meshwork.internal.lakeformation.AccessFacts.Link;
import io.meshwork.internal.lakeformation.AccessFacts.OptIn;
import io.meshwork.internal.lakeformation.AccessFacts.PrincipalFacts;
import io.meshwork.internal.lakeformation.AccessFacts.RegisteredLocation;
import io.meshwork.internal.lakeformation.AccessFacts.Share;
import io.meshwork.internal.lakeformation.AccessFacts.ShareStatus;
import io.meshwork.internal.lakeformation.AccessFacts.Table;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * A second evaluator, written from the text of our Lake Formation semantics without a look at the
 * first one, and slow on purpose. It knows no index, no sets of columns and no filters as formulas:
 * it asks of each cell, a column in a row, whether somebody lets it be seen, where a row is nothing
 * but the set of conditions that are true of it.
 */
final class NaiveAccess {
  private final AccessState world;
  private final Instant now;

  NaiveAccess(AccessState world, Instant now) {
    this.world = world;
    this.now = now;
  }

  /**
   * An answer.
   *
   * @param cells {@code column@row} of each cell that shows, for SELECT, where row counts through
   *     the sets of conditions
   */
  record Answer(
      boolean allowed,
      SortedSet<String> matched,
      SortedSet<String> missing,
      SortedSet<String> columns,
      SortedSet<String> cells,
      String resolved) {
    static Answer no(String... codes) {
      return new Answer(
          false,
          new TreeSet<>(),
          new TreeSet<>(List.of(codes)),
          new TreeSet<>(),
          new TreeSet<>(),
          "");
    }

    static Answer yes(SortedSet<String> matched, String resolved) {
      return new Answer(true, matched, new TreeSet<>(), new TreeSet<>(), new TreeSet<>(), resolved);
    }

    Answer with(SortedSet<String> more, String at) {
      SortedSet<String> all = new TreeSet<>(matched);
      all.addAll(more);
      return new Answer(allowed, all, missing, columns, cells, at);
    }
  }

  Answer answer(AccessQuestion q) {
    return facts(q.principal().id()).glue() ? withoutIam(q) : Answer.no("IAM_GLUE");
  }

  private Answer withoutIam(AccessQuestion q) {
    String p = q.principal().id();
    if (q.on() instanceof Resource.CatalogResource || q.on() instanceof Resource.Location) {
      return otherGrants(p, q.action(), q.on());
    } else if (q.on() instanceof Resource.Database on) {
      for (Link link : world.links()) {
        if (link.database().isEmpty()
            && named(link.account(), link.name(), on.account(), on.name())) {
          return onDatabaseLink(q, p, link);
        }
      }
      return onDatabase(q, p, on);
    }
    Resource.Table on = (Resource.Table) q.on();
    for (Link link : world.links()) {
      if (link.database().isEmpty() && named(link.account(), link.name(), on.account(), on.in())) {
        Resource.Database target = (Resource.Database) link.target();
        return through(
            q, p, link, new Resource.Table(target.account(), target.name(), on.name()), "");
      }
    }
    for (Link link : world.links()) {
      if (isTableLink(link, on)) {
        if (q.action() == Permission.DROP) {
          return dropLink(p, link);
        }
        String own = q.action() == Permission.DESCRIBE ? "target" : "";
        return through(q, p, link, (Resource.Table) link.target(), own);
      }
    }
    return onTable(q, p, on);
  }

  private static boolean named(String account, String name, String otherAccount, String other) {
    return account.equals(otherAccount) && lower(name).equals(lower(other));
  }

  private boolean isTableLink(Link link, Resource.Table on) {
    return link.database().isPresent()
        && find(link.account(), link.database().get()) != null
        && named(link.account(), link.database().get(), on.account(), on.in())
        && lower(link.name()).equals(lower(on.name()));
  }

  private Answer dropLink(String p, Link link) {
    SortedSet<String> matched = linkRight(p, link, Permission.DROP);
    return matched.isEmpty() ? Answer.no("NO_GRANT") : Answer.yes(matched, "link");
  }

  private Answer onDatabaseLink(AccessQuestion q, String p, Link link) {
    if (q.action() == Permission.DROP) {
      return dropLink(p, link);
    }
    SortedSet<String> seen = linkRight(p, link, Permission.DESCRIBE);
    if (seen.isEmpty()) {
      return Answer.no("LINK_DESCRIBE");
    }
    Answer target = onDatabase(q, p, (Resource.Database) link.target());
    if (target.missing().contains("UNKNOWN_RESOURCE")) {
      return target;
    } else if (target.allowed()) {
      return target.with(seen, "target");
    }
    return q.action() == Permission.DESCRIBE ? Answer.yes(seen, "link") : target;
  }

  private Answer through(
      AccessQuestion q, String p, Link link, Resource.Table target, String resolved) {
    SortedSet<String> seen = linkRight(p, link, Permission.DESCRIBE);
    if (seen.isEmpty()) {
      return Answer.no("LINK_DESCRIBE");
    } else if (world.links().stream().anyMatch(other -> isTableLink(other, target))) {
      return Answer.no("LINK_CHAIN");
    }
    Answer answer = onTable(q, p, target);
    if (answer.allowed()) {
      return answer.with(seen, resolved);
    } else if (answer.missing().contains("UNKNOWN_RESOURCE")) {
      return answer;
    }
    return resolved.isEmpty() ? answer : Answer.yes(seen, "link");
  }

  /** What gives DESCRIBE or DROP on a link; empty if nothing does. */
  SortedSet<String> linkRight(String p, Link link, Permission wanted) {
    SortedSet<String> matched = new TreeSet<>();
    if (p.equals(link.creator())) {
      matched.add("implicit:link-creator");
    }
    if (wanted == Permission.DESCRIBE && seesAll(p, link.account())) {
      matched.add("implicit:admin");
    }
    for (Grant g : world.grants()) {
      boolean forMe =
          isIdOf(g.to().id(), p) || g.to().kind() == Grantee.Kind.IAM_ALLOWED_PRINCIPALS;
      if (!home(p).equals(link.account())
          || !forMe
          || !active(g)
          || !g.grantor().equals(link.account())) {
        continue;
      }
      boolean onIt =
          link.database().isEmpty()
              ? g.on() instanceof Resource.Database d
                  && named(d.account(), d.name(), link.account(), link.name())
              : (g.on() instanceof Resource.Table t && isTableLink(link, t))
                  || (g.on() instanceof Resource.AllTables all
                      && named(all.account(), all.in(), link.account(), link.database().get()));
      boolean enough =
          wanted == Permission.DESCRIBE
              || g.permissions().contains(wanted)
              || g.permissions().contains(Permission.ALL);
      if (onIt && enough) {
        matched.add(g.id());
      }
    }
    return matched;
  }

  private Answer otherGrants(String p, Permission action, Resource on) {
    String owner = on.account();
    SortedSet<String> matched = new TreeSet<>();
    if (home(p).equals(owner) && account(owner).admins().contains(p)) {
      matched.add("implicit:admin");
    }
    SortedSet<String> up = new TreeSet<>();
    SortedSet<String> down = new TreeSet<>();
    for (Grant g : world.grants()) {
      boolean holds =
          on instanceof Resource.CatalogResource
              ? g.on() instanceof Resource.CatalogResource
              : g.on() instanceof Resource.Location place
                  && holds(place.s3(), ((Resource.Location) on).s3());
      if (!holds
          || !active(g)
          || !g.on().account().equals(owner)
          || !g.permissions().contains(action)) {
        continue;
      }
      if (speaksFor(g, p, owner) && g.grantor().equals(owner)) {
        matched.add(g.id());
      }
      if (isShare(g, p, owner)) {
        up.add(g.id());
      }
      if (isRegrant(g, p, owner)) {
        down.add(g.id());
      }
    }
    if (!up.isEmpty() && !down.isEmpty()) {
      matched.addAll(up);
      matched.addAll(down);
    }
    if (!matched.isEmpty()) {
      return Answer.yes(matched, "");
    }
    return up.isEmpty() && down.isEmpty()
        ? Answer.no("NO_GRANT")
        : Answer.no(down.isEmpty() ? "LOCAL_GRANT" : "ACCOUNT_GRANT");
  }

  private static boolean holds(String place, String other) {
    return (other + "/").startsWith(place.endsWith("/") ? place : place + "/");
  }

  private Answer onDatabase(AccessQuestion q, String p, Resource.Database on) {
    Database d = find(on.account(), on.name());
    if (d == null) {
      return Answer.no("UNKNOWN_RESOURCE");
    }
    boolean foreign = !home(p).equals(d.account());
    SortedSet<String> open = new TreeSet<>();
    for (Grant g : world.grants()) {
      if (leavesToIam(g, d.account())
          && g.on() instanceof Resource.Database o
          && lower(o.name()).equals(lower(d.name()))) {
        open.add(g.id());
      }
    }
    boolean byIam =
        !open.isEmpty() && !optedIn(p, new Resource.Database(d.account(), lower(d.name())));
    SortedSet<String> matched = new TreeSet<>();
    SortedSet<String> codes = new TreeSet<>();
    if (byIam && !foreign) {
      matched.addAll(open);
    } else {
      boolean describe = q.action() == Permission.DESCRIBE;
      if (isOf(d.creator(), p) && databaseRights(Set.of(Permission.ALL)).contains(q.action())) {
        matched.add("implicit:database-creator");
      }
      if (describe && d.tables().stream().anyMatch(t -> isOf(t.creator(), p))) {
        matched.add("implicit:table-creator");
      }
      if (byIam && matched.isEmpty()) {
        codes.add("OPT_IN");
      } else if (!byIam) {
        if (describe && !foreign && seesAll(p, d.account())) {
          matched.add("implicit:admin");
        }
        databaseGrants(p, d, q.action(), foreign, matched, codes);
      }
    }
    if (matched.isEmpty()) {
      return Answer.no(codes.isEmpty() ? new String[] {"NO_GRANT"} : codes.toArray(String[]::new));
    }
    if (q.action() == Permission.CREATE_TABLE && q.location().isPresent()) {
      String s3 = q.location().get();
      boolean within =
          d.location().isPresent()
              && holds(d.location().get(), s3)
              && registered(d.account(), d.location().get()) != null;
      if (registered(d.account(), s3) != null && !within) {
        Answer location =
            otherGrants(p, Permission.DATA_LOCATION_ACCESS, new Resource.Location(d.account(), s3));
        return location.allowed() ? location.with(matched, "") : Answer.no("DATA_LOCATION");
      }
    }
    return Answer.yes(matched, "");
  }

  private void databaseGrants(
      String p,
      Database d,
      Permission action,
      boolean foreign,
      SortedSet<String> matched,
      SortedSet<String> codes) {
    SortedSet<String> up = new TreeSet<>();
    SortedSet<String> down = new TreeSet<>();
    for (Grant g : world.grants()) {
      if (!active(g) || !g.on().account().equals(d.account())) {
        continue;
      }
      boolean onIt =
          g.on() instanceof Resource.Database o && lower(o.name()).equals(lower(d.name()));
      TagExpression expression = expression(g.on(), Resource.PolicyType.DATABASE);
      if (expression != null && matches(expression, key -> own(d.tags(), key))) {
        onIt = true;
      }
      boolean gives = onIt && databaseRights(g.permissions()).contains(action);
      if (!foreign
          && action == Permission.DESCRIBE
          && g.on() instanceof Resource.AllTables all
          && lower(all.in()).equals(lower(d.name()))
          && !g.permissions().isEmpty()) {
        gives = true;
      }
      if (gives) {
        sort(g, p, d.account(), matched, up, down, codes);
      }
    }
    conclude(p, action, matched, up, down, codes);
  }

  /** Puts a grant that gives the action where it belongs: direct, share or re-grant. */
  private void sort(
      Grant g,
      String p,
      String owner,
      SortedSet<String> matched,
      SortedSet<String> up,
      SortedSet<String> down,
      SortedSet<String> codes) {
    if (isDirect(g, p, owner)) {
      if (home(p).equals(owner) || isActive(owner, home(p), g)) {
        matched.add(g.id());
      } else {
        codes.add("RAM_SHARE");
      }
    } else if (isShare(g, p, owner)) {
      if (isActive(owner, home(p), g)) {
        up.add(g.id());
      } else {
        codes.add("RAM_SHARE");
      }
    } else if (isRegrant(g, p, owner)) {
      down.add(g.id());
    }
  }

  private void conclude(
      String p,
      Permission action,
      SortedSet<String> matched,
      SortedSet<String> up,
      SortedSet<String> down,
      SortedSet<String> codes) {
    if (!up.isEmpty() && !down.isEmpty()) {
      matched.addAll(up);
      matched.addAll(down);
    } else if (!up.isEmpty()) {
      codes.add("LOCAL_GRANT");
    } else if (!down.isEmpty() && !codes.contains("RAM_SHARE")) {
      codes.add("ACCOUNT_GRANT");
    }
    if (action == Permission.DESCRIBE && seesAll(p, home(p)) && !up.isEmpty()) {
      matched.add("implicit:admin");
      matched.addAll(up);
    }
  }

  private Answer onTable(AccessQuestion q, String p, Resource.Table on) {
    Database d = find(on.account(), on.in());
    Table t = d == null ? null : find(d, on.name());
    return t == null ? Answer.no("UNKNOWN_RESOURCE") : new NaiveTable(this, q, p, d, t).answer();
  }

  // What the table's part asks of the world.

  AccessState world() {
    return world;
  }

  boolean active(Grant g) {
    return g.until().isEmpty() || now.compareTo(g.until().get()) < 0;
  }

  boolean leavesToIam(Grant g, String owner) {
    return active(g)
        && g.to().kind() == Grantee.Kind.IAM_ALLOWED_PRINCIPALS
        && g.permissions().contains(Permission.ALL)
        && g.on().account().equals(owner)
        && g.grantor().equals(owner);
  }

  boolean isDirect(Grant g, String p, String owner) {
    return g.grantor().equals(owner) && speaksFor(g, p, owner);
  }

  boolean isRegrant(Grant g, String p, String owner) {
    return !home(p).equals(owner)
        && g.grantor().equals(home(p))
        && g.to().account().filter(home(p)::equals).isPresent()
        && g.to().kind() != Grantee.Kind.ACCOUNT
        && isIdOf(g.to().id(), p);
  }

  boolean isShare(Grant g, String p, String owner) {
    String home = home(p);
    if (home.equals(owner) || !g.grantor().equals(owner)) {
      return false;
    }
    Account account = account(home);
    String organization = account.organization().orElse("-");
    return switch (g.to().kind()) {
      case ACCOUNT -> g.to().id().equals(home);
      case ORGANIZATION -> g.to().id().endsWith(":organization/" + organization);
      case UNIT ->
          account.units().stream()
              .anyMatch(unit -> g.to().id().endsWith(":ou/" + organization + "/" + unit));
      default -> false;
    };
  }

  /** True if a grantee is the principal, or a group of its, or in one account everybody. */
  private boolean speaksFor(Grant g, String p, String owner) {
    boolean everybody = g.to().kind() == Grantee.Kind.ACCOUNT_PRINCIPALS;
    return isIdOf(g.to().id(), p) && (home(p).equals(owner) || !everybody);
  }

  private boolean isIdOf(String id, String p) {
    return id.equals(p) || facts(p).groups().contains(id) || id.equals(home(p) + ":IAMPrincipals");
  }

  boolean isActive(String from, String to, Grant g) {
    Account owner = account(from);
    boolean policy = g.on() instanceof Resource.TagPolicy || g.on() instanceof Resource.NamedPolicy;
    if (policy && owner.crossAccountVersion() < 3) {
      return owner.tagPolicyAccounts().contains(to);
    }
    Boolean said = null;
    for (Share share : world.shares()) {
      if (share.from().equals(from) && share.to().equals(to)) {
        said = share.status() == ShareStatus.ACCEPTED;
      }
    }
    if (said != null) {
      return said;
    }
    return owner.sharesInOrganization()
        && owner.organization().isPresent()
        && owner.organization().equals(account(to).organization());
  }

  boolean optedIn(String p, Resource on) {
    for (OptIn optIn : world.optIns()) {
      if (isIdOf(optIn.principal().id(), p) && same(optIn.on(), on)) {
        return true;
      }
    }
    return false;
  }

  private static boolean same(Resource one, Resource other) {
    return one.getClass() == other.getClass()
        && one.account().equals(other.account())
        && lower(one.database().orElse("")).equals(lower(other.database().orElse("")))
        && lower(one.table().orElse("")).equals(lower(other.table().orElse("")));
  }

  boolean seesAll(String p, String account) {
    return home(p).equals(account)
        && (account(account).admins().contains(p) || account(account).readOnlyAdmins().contains(p));
  }

  TagExpression expression(Resource on, Resource.PolicyType type) {
    if (on instanceof Resource.TagPolicy policy && policy.type() == type) {
      return policy.expression();
    } else if (on instanceof Resource.NamedPolicy policy && policy.type() == type) {
      return world.expressions().stream()
          .filter(it -> it.account().equals(policy.account()))
          .filter(it -> it.name().equals(policy.expression()))
          .map(AccessFacts.NamedExpression::expression)
          .findFirst()
          .orElse(null);
    }
    return null;
  }

  /** AND over keys, OR over values. */
  static boolean matches(TagExpression expression, UnaryOperator<String> tag) {
    boolean all = !expression.values().isEmpty();
    for (Map.Entry<String, List<String>> key : expression.values().entrySet()) {
      boolean any = false;
      for (String value : key.getValue()) {
        any |= value.equals(tag.apply(key.getKey()));
      }
      all &= any;
    }
    return all;
  }

  /** A value of one's own tags, in lower case; null if there is none. */
  static String own(Map<String, String> tags, String key) {
    for (Map.Entry<String, String> tag : tags.entrySet()) {
      if (lower(tag.getKey()).equals(key)) {
        return lower(tag.getValue());
      }
    }
    return null;
  }

  PrincipalFacts facts(String p) {
    PrincipalFacts known = PrincipalFacts.of(p);
    for (PrincipalFacts facts : world.principals()) {
      if (facts.arn().equals(p)) {
        known = facts;
      }
    }
    return known;
  }

  Account account(String id) {
    Account known = Account.of(id);
    for (Account account : world.accounts()) {
      if (account.id().equals(id)) {
        known = account;
      }
    }
    return known;
  }

  RegisteredLocation registered(String account, String s3) {
    RegisteredLocation best = null;
    for (RegisteredLocation one : world.locations()) {
      if (one.account().equals(account)
          && holds(one.s3(), s3)
          && (best == null || one.s3().length() > best.s3().length())) {
        best = one;
      }
    }
    return best;
  }

  boolean reaches(String p, String s3) {
    return facts(p).s3().stream().anyMatch(own -> holds(own, s3));
  }

  List<DataFilter> filters(Database d, Table t) {
    Predicate<DataFilter> of =
        it ->
            it.account().equals(d.account())
                && lower(it.database()).equals(lower(d.name()))
                && lower(it.table()).equals(lower(t.name()));
    return new ArrayList<>(world.filters().stream().filter(of).toList());
  }

  private Database find(String account, String name) {
    return world.databases().stream()
        .filter(d -> named(d.account(), d.name(), account, name))
        .findFirst()
        .orElse(null);
  }

  private static Table find(Database d, String name) {
    return d.tables().stream()
        .filter(t -> lower(t.name()).equals(lower(name)))
        .findFirst()
        .orElse(null);
  }

  private static Set<Permission> databaseRights(Set<Permission> granted) {
    Set<Permission> all =
        Set.of(
            Permission.ALL,
            Permission.ALTER,
            Permission.CREATE_TABLE,
            Permission.DESCRIBE,
            Permission.DROP);
    Set<Permission> rights = new HashSet<>(granted);
    rights.retainAll(all);
    if (rights.contains(Permission.ALL)) {
      return all;
    } else if (!rights.isEmpty()) {
      rights.add(Permission.DESCRIBE);
    }
    return rights;
  }

  static boolean isOf(Optional<String> creator, String p) {
    return creator.isPresent() && creator.get().equals(p);
  }

  static String home(String arn) {
    String[] fields = arn.split(":", -1);
    return fields.length > 5 ? fields[4] : "";
  }

  static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
