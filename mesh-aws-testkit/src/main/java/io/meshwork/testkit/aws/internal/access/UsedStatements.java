package io.meshwork.testkit.aws.internal.access;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The statements that alone decided at least one request. Thread-safe. */
public final class UsedStatements {
  /** The owner of statements of resource policies, whose resources name the resource. */
  static final String OF_A_RESOURCE = "";

  private final Set<Use> uses = ConcurrentHashMap.newKeySet();

  private record Use(String owner, IamStatement statement) {}

  UsedStatements() {}

  /**
   * Records the statements that allow a request, or that deny it. If there are several, each of
   * them could be missing.
   */
  void add(String owner, List<IamStatement> deciding) {
    if (deciding.size() == 1) {
      uses.add(new Use(owner, deciding.get(0)));
    }
  }

  void forget() {
    uses.clear();
  }

  /** Returns the IDs of the statements of a resource policy that decided nothing alone. */
  public List<String> unusedOf(IamPolicy ofResource) {
    return unusedOf(OF_A_RESOURCE, ofResource);
  }

  List<String> unusedOf(String owner, IamPolicy policy) {
    return policy.statements().stream()
        .filter(statement -> !uses.contains(new Use(owner, statement)))
        .map(IamStatement::id)
        .toList();
  }
}
