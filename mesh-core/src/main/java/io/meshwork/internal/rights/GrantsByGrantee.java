package io.meshwork.internal.rights;

import io.meshwork.internal.lakeformation.Grantee;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Grants in their order, found by whom they are to. What a role may read depends on the grants to
 * the mesh, to its account, and to itself. What it could be granted depends also on what the other
 * roles of its account may pass on. Immutable.
 */
final class GrantsByGrantee {
  private static final String MESH = "";

  private final List<StoredGrant> all;

  /** The positions of grants to roles, by account, and by role. */
  private final Map<String, List<Integer>> toRoles = new HashMap<>();

  private final Map<Grantee, List<Integer>> byRole = new HashMap<>();

  /** The positions of grants to roles that they may pass on, by account. */
  private final Map<String, List<Integer>> passable = new HashMap<>();

  /** The positions of grants to an account and to every role of it, and of grants to the mesh. */
  private final Map<String, List<Integer>> toAccounts = new HashMap<>();

  /** Takes time proportional to the number of grants. */
  GrantsByGrantee(List<StoredGrant> grants) {
    this.all = List.copyOf(grants);
    for (int i = 0; i < all.size(); i++) {
      Grantee to = all.get(i).to();
      String account = to.account().orElse(MESH);
      if (to.kind() != Grantee.Kind.PRINCIPAL) {
        add(toAccounts, account, i);
        continue;
      }
      add(byRole, to, i);
      add(toRoles, account, i);
      if (all.get(i).grantOption()) {
        add(passable, account, i);
      }
    }
  }

  private static <K> void add(Map<K, List<Integer>> positions, K key, int position) {
    positions.computeIfAbsent(key, any -> new ArrayList<>(1)).add(position);
  }

  List<StoredGrant> all() {
    return all;
  }

  /** Returns the positions of all grants. */
  Set<Integer> everywhere() {
    return IntStream.range(0, all.size()).boxed().collect(Collectors.toCollection(TreeSet::new));
  }

  /** Returns the positions of the grants to an account, to its roles, and to the mesh. */
  Set<Integer> ofAccount(String account) {
    Set<Integer> positions = toAccounts(Set.of(account));
    positions.addAll(toRoles.getOrDefault(account, List.of()));
    return positions;
  }

  /** Returns the grants that apply to a role: what it may read depends on no others. */
  List<StoredGrant> applyingTo(Grantee role) {
    return at(applying(Set.of(role)));
  }

  /**
   * Returns the grants that apply to some grantees, and grants that other roles of their accounts
   * may pass on: what they could be granted depends on no others.
   */
  List<StoredGrant> concerning(Set<Grantee> grantees) {
    return at(whatConcerns(grantees));
  }

  /** Returns the positions of {@link #concerning}. */
  Set<Integer> whatConcerns(Set<Grantee> grantees) {
    Set<Integer> positions = applying(grantees);
    accounts(grantees)
        .forEach(account -> positions.addAll(passable.getOrDefault(account, List.of())));
    return positions;
  }

  /**
   * Returns the positions of the grants to some grantees with an account, and of grants whose
   * effect may depend on them: for grantees other than roles, grants to all roles of their
   * accounts.
   */
  Set<Integer> dependingOn(Set<Grantee> grantees) {
    Set<Integer> positions = applying(grantees);
    grantees.stream()
        .filter(grantee -> grantee.kind() != Grantee.Kind.PRINCIPAL)
        .flatMap(grantee -> grantee.account().stream())
        .forEach(account -> positions.addAll(toRoles.getOrDefault(account, List.of())));
    return positions;
  }

  private Set<Integer> applying(Set<Grantee> grantees) {
    Set<Integer> positions = toAccounts(accounts(grantees));
    grantees.forEach(grantee -> positions.addAll(byRole.getOrDefault(grantee, List.of())));
    return positions;
  }

  private static Set<String> accounts(Set<Grantee> grantees) {
    Set<String> accounts = new HashSet<>();
    grantees.forEach(grantee -> grantee.account().ifPresent(accounts::add));
    return accounts;
  }

  /** Returns the positions of the grants to some accounts and to the mesh. */
  private Set<Integer> toAccounts(Set<String> accounts) {
    Set<Integer> positions = new TreeSet<>(toAccounts.getOrDefault(MESH, List.of()));
    accounts.forEach(account -> positions.addAll(toAccounts.getOrDefault(account, List.of())));
    return positions;
  }

  private List<StoredGrant> at(Collection<Integer> positions) {
    return positions.stream().map(all::get).toList();
  }
}
