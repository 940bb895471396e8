package io.meshwork.internal.erasure;

import io.meshwork.internal.ledger.PackedPart;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Sentences of a proof, which grow with the subscriptions and files of a product: the first ones,
 * as many as fit into a document of the registry with its other members, and how many follow.
 * Immutable.
 *
 * @param listed at most {@link #MAX_BYTES} in a document
 * @param more how many others there are
 */
record FirstSentences(List<String> listed, int more) {
  /** The most bytes of the sentences in a document. */
  static final int MAX_BYTES = 64 << 10;

  static final FirstSentences NONE = new FirstSentences(List.of(), 0);

  FirstSentences {
    listed = List.copyOf(listed);
  }

  static FirstSentences of(Collection<String> all) {
    return of(all, 0);
  }

  /**
   * Returns the first of these sentences.
   *
   * @param more how many others were left out before
   */
  static FirstSentences of(Collection<String> all, int more) {
    List<String> first = PackedPart.split(List.copyOf(all), MAX_BYTES).get(0);
    return new FirstSentences(first, more + all.size() - first.size());
  }

  int count() {
    return listed.size() + more;
  }

  /** Returns the sentences, and a last one with the number of the others, if there are any. */
  List<String> stated(String what) {
    List<String> stated = new ArrayList<>(listed);
    if (more > 0) {
      stated.add(more + " more such sentences about " + what + " are not listed.");
    }
    return stated;
  }
}
