package io.meshwork.internal.lakeformation.index;

import io.meshwork.internal.lakeformation.AccessFacts.Account;
import io.meshwork.internal.lakeformation.AccessFacts.DataFilter;
import io.meshwork.internal.lakeformation.AccessFacts.Database;
import io.meshwork.internal.lakeformation.AccessFacts.Link;
import io.meshwork.internal.lakeformation.AccessFacts.PrincipalFacts;
import io.meshwork.internal.lakeformation.AccessFacts.RegisteredLocation;
import io.meshwork.internal.lakeformation.AccessFacts.ShareStatus;
import io.meshwork.internal.lakeformation.AccessFacts.TagKey;
import io.meshwork.internal.lakeformation.AccessState;
import io.meshwork.internal.lakeformation.CaseInsensitiveNames;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.Resource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** An indexed state: catalogs, principals, tags, and shares by the keys of evaluations. */
public final class AccessIndex {
  private static final int MAX_IDENTITIES = 20_000;

  private final AccessState state;
  private final Map<String, Account> accounts = new HashMap<>();
  private final Map<String, PrincipalFacts> principals = new HashMap<>();
  private final Map<String, Map<String, DatabaseNode>> databases = new HashMap<>();
  private final Map<String, Map<String, LinkNode>> databaseLinks = new HashMap<>();
  private final Map<String, Map<String, Set<String>>> tagValues = new HashMap<>();
  private final Map<String, List<RegisteredLocation>> locations = new HashMap<>();
  private final Map<String, ShareStatus> shares = new HashMap<>();
  private final GrantIndex grants;
  private final TableIndex tables;

  /** A cache of principals; their grantees and grants never change in one state. */
  private final Map<String, PrincipalIdentity> identities = new ConcurrentHashMap<>();

  public AccessIndex(AccessState state) {
    this.state = state;
    state.accounts().forEach(account -> accounts.put(account.id(), account));
    state.principals().forEach(principal -> principals.put(principal.arn(), principal));
    state.shares().forEach(share -> shares.put(key(share.from(), share.to()), share.status()));
    for (TagKey tag : state.tags()) {
      Set<String> values =
          tagValues
              .computeIfAbsent(tag.account(), account -> new HashMap<>())
              .computeIfAbsent(CaseInsensitiveNames.of(tag.key()), key -> new HashSet<>());
      tag.values().forEach(value -> values.add(CaseInsensitiveNames.of(value)));
    }
    for (RegisteredLocation location : state.locations()) {
      locations.computeIfAbsent(location.account(), account -> new ArrayList<>()).add(location);
    }
    for (Database database : state.databases()) {
      databases
          .computeIfAbsent(database.account(), account -> new HashMap<>())
          .put(CaseInsensitiveNames.of(database.name()), new DatabaseNode(database));
    }
    for (DataFilter filter : state.filters()) {
      TableNode table = table(filter.account(), filter.database(), filter.table());
      if (table != null) {
        table.add(filter);
      }
    }
    for (Link link : state.links()) {
      add(link);
    }
    this.tables = new TableIndex(databases.values());
    this.grants = new GrantIndex(this);
  }

  private void add(Link link) {
    if (link.database().isEmpty()) {
      databaseLinks
          .computeIfAbsent(link.account(), account -> new HashMap<>())
          .put(CaseInsensitiveNames.of(link.name()), new LinkNode(link, Optional.empty()));
      return;
    }
    DatabaseNode in = database(link.account(), link.database().get());
    if (in != null) {
      in.add(new LinkNode(link, Optional.of(in)));
    }
  }

  public AccessState state() {
    return state;
  }

  public GrantIndex grants() {
    return grants;
  }

  public TableIndex tables() {
    return tables;
  }

  /** The facts about an account; an account without administrators if there are none. */
  public Account account(String id) {
    Account account = accounts.get(id);
    return account == null ? Account.of(id) : account;
  }

  public PrincipalIdentity identity(Grantee principal) {
    PrincipalIdentity identity = identities.get(principal.id());
    if (identity == null) {
      identity = new PrincipalIdentity(this, principal);
      if (identities.size() < MAX_IDENTITIES) {
        identities.put(principal.id(), identity);
      }
    }
    return identity;
  }

  public PrincipalFacts principal(String arn) {
    PrincipalFacts facts = principals.get(arn);
    return facts == null ? PrincipalFacts.of(arn) : facts;
  }

  public @Nullable DatabaseNode database(String account, String name) {
    return databases.getOrDefault(account, Map.of()).get(CaseInsensitiveNames.of(name));
  }

  public Map<String, DatabaseNode> databases(String account) {
    return databases.getOrDefault(account, Map.of());
  }

  public @Nullable TableNode table(String account, String database, String name) {
    DatabaseNode in = database(account, database);
    return in == null ? null : in.tables().get(CaseInsensitiveNames.of(name));
  }

  /** The database link of this name; null if there is none. */
  public @Nullable LinkNode databaseLink(String account, String name) {
    return databaseLinks.getOrDefault(account, Map.of()).get(CaseInsensitiveNames.of(name));
  }

  public Map<String, LinkNode> databaseLinks(String account) {
    return databaseLinks.getOrDefault(account, Map.of());
  }

  /** The table link of this name in a local database; null if there is none. */
  public @Nullable LinkNode tableLink(String account, String database, String name) {
    DatabaseNode in = database(account, database);
    return in == null ? null : in.links().get(CaseInsensitiveNames.of(name));
  }

  /** The link that a resource names; null if it names none. */
  public @Nullable LinkNode linkNamed(Resource resource) {
    if (resource instanceof Resource.Database database) {
      return databaseLink(database.account(), database.name());
    }
    if (resource.table().isPresent()) {
      return tableLink(
          resource.account(), resource.database().orElseThrow(), resource.table().get());
    }
    return null;
  }

  /** Returns true if an account defines a tag with this value; both in lower case. */
  public boolean defines(String account, String key, String value) {
    return tagValues.getOrDefault(account, Map.of()).getOrDefault(key, Set.of()).contains(value);
  }

  /** True if an account defines a tag; in lower case. */
  public boolean defines(String account, String key) {
    return tagValues.getOrDefault(account, Map.of()).containsKey(key);
  }

  /** The longest registered location that contains a location; null if none does. */
  public @Nullable RegisteredLocation registered(String account, String s3) {
    RegisteredLocation longest = null;
    for (RegisteredLocation one : locations.getOrDefault(account, List.of())) {
      if (S3Path.contains(one.s3(), s3)
          && (longest == null || S3Path.length(one.s3()) > S3Path.length(longest.s3()))) {
        longest = one;
      }
    }
    return longest;
  }

  /** Returns true if the share of a grant between two accounts is active. */
  public boolean shareInForce(String from, String to, boolean byTagPolicy) {
    Account owner = account(from);
    if (byTagPolicy && owner.crossAccountVersion() < 3) {
      return owner.tagPolicyAccounts().contains(to);
    }
    ShareStatus status = shares.get(key(from, to));
    if (status != null) {
      return status == ShareStatus.ACCEPTED;
    }
    return owner.sharesInOrganization()
        && owner.organization().isPresent()
        && owner.organization().equals(account(to).organization());
  }

  public SortedMap<String, String> effectiveTags(Resource on) {
    if (on instanceof Resource.Database databaseResource) {
      DatabaseNode database = database(databaseResource.account(), databaseResource.name());
      return database == null ? new TreeMap<>() : new TreeMap<>(database.tags());
    }
    TableNode table =
        on.table().isEmpty()
            ? null
            : table(on.account(), on.database().orElseThrow(), on.table().get());
    if (table == null) {
      return new TreeMap<>();
    }
    if (on instanceof Resource.Columns columns && !columns.names().isEmpty()) {
      Integer position = table.position(columns.names().get(0));
      return position == null ? new TreeMap<>() : new TreeMap<>(table.tags(position));
    }
    return new TreeMap<>(table.tags());
  }

  private static String key(String from, String to) {
    return from + '\n' + to;
  }
}
