package io.meshwork.portal.internal.site;

import io.meshwork.discovery.Search;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Reads all hits of a search. Products may come and go between two calls. */
final class SearchHits {
  private SearchHits() {}

  /** Returns the hits of all calls; a product that moved meanwhile can be among them twice. */
  static List<Search.Hit> read(IntFunction<Search.Result> call) {
    List<Search.Hit> hits = new ArrayList<>();
    Search.Result result;
    do {
      result = call.apply(hits.size());
      hits.addAll(result.hits());
    } while (!result.hits().isEmpty() && hits.size() < result.total());
    return hits;
  }
}
