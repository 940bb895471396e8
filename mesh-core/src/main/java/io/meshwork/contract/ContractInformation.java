package io.meshwork.contract;

import java.util.List;
import java.util.Optional;

/**
 * What a contract tells people, which no check depends on.
 *
 * @param usage how to use the data; empty if not set
 * @param limitations what the data cannot be used for; empty if not set
 * @param contacts where to ask and where announcements go
 * @param repository where the code of the product is; empty if not set
 * @param price what the use costs; empty if not set
 */
record ContractInformation(
    String usage,
    String limitations,
    List<Contract.Contact> contacts,
    String repository,
    Optional<Contract.Price> price) {
  static final ContractInformation NONE =
      new ContractInformation("", "", List.of(), "", Optional.empty());

  ContractInformation {
    contacts = List.copyOf(contacts);
  }

  ContractInformation withUsage(String value) {
    return new ContractInformation(value, limitations, contacts, repository, price);
  }

  ContractInformation withLimitations(String value) {
    return new ContractInformation(usage, value, contacts, repository, price);
  }

  ContractInformation withContacts(List<Contract.Contact> value) {
    return new ContractInformation(usage, limitations, value, repository, price);
  }

  ContractInformation withRepository(String value) {
    return new ContractInformation(usage, limitations, contacts, value, price);
  }

  ContractInformation withPrice(Optional<Contract.Price> value) {
    return new ContractInformation(usage, limitations, contacts, repository, value);
  }
}
