package io.meshwork.internal.rollout;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.contract.Contract;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.rollout.Rollout.State;
import io.meshwork.rollout.TermsAmendment.AmendedTerm;
import java.util.List;
import java.util.Optional;

/** The terms that a rollout amends in contracts. Stateless. */
final class AmendedTerms {
  private static final String CONTRACT = "a contract";

  /** The one term that is a list; its text in differences has this separator. */
  private static final String PURPOSES = "purposes";

  private static final String SEPARATOR = ", ";

  private AmendedTerms() {}

  /** The contract with the values after the amendment. */
  static Contract after(Contract contract, List<AmendedTerm> terms) {
    Contract amended = contract;
    for (AmendedTerm term : terms) {
      amended = with(amended, term.term(), term.after());
    }
    return amended;
  }

  /**
   * A requested contract that has the current terms where only these rollouts explain why they
   * differ.
   *
   * @param rollouts the major version's, by number
   */
  static Contract retained(List<RolloutEntry> rollouts, Contract current, Contract requested) {
    Contract retained = requested;
    for (String term : terms(rollouts)) {
      Optional<String> currentValue = value(current, term);
      Optional<String> value = value(requested, term);
      if (!value.equals(currentValue)) {
        for (RolloutEntry rollout : rollouts) {
          value = afterRollout(rollout, term, value, currentValue);
        }
        if (value.equals(currentValue)) {
          retained = with(retained, term, currentValue);
        }
      }
    }
    return retained;
  }

  private static List<String> terms(List<RolloutEntry> rollouts) {
    return rollouts.stream()
        .flatMap(rollout -> rollout.amendedTerms().stream())
        .map(AmendedTerm::term)
        .distinct()
        .toList();
  }

  /** The value that a program states, if the program was written before or after a rollout. */
  private static Optional<String> afterRollout(
      RolloutEntry rollout, String name, Optional<String> value, Optional<String> current) {
    for (AmendedTerm term : rollout.amendedTerms()) {
      if (term.term().equals(name)) {
        if (rollout.state() == State.AMENDED && value.equals(term.before())) {
          return term.after();
        } else if (!rollout.state().isEnded() && value.equals(term.after())) {
          return current;
        }
      }
    }
    return value;
  }

  private static Optional<String> value(Contract contract, String term) {
    if (term.equals(PURPOSES)) {
      return Optional.of(String.join(SEPARATOR, contract.purposes()))
          .filter(text -> !text.isEmpty());
    }
    return Optional.ofNullable(json(contract).path(term).textValue());
  }

  private static Contract with(Contract contract, String term, Optional<String> value) {
    if (term.equals(PURPOSES)) {
      return contract.purposes(
          value.map(text -> text.split(SEPARATOR)).orElseGet(() -> new String[0]));
    }
    ObjectNode json = json(contract);
    value.ifPresentOrElse(text -> json.put(term, text), () -> json.remove(term));
    return Contract.fromStoredJson(DocumentJson.write(json));
  }

  private static ObjectNode json(Contract contract) {
    return DocumentJson.parseObject(CONTRACT, contract.toJson());
  }
}
