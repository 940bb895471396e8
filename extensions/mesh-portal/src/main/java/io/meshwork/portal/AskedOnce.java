package io.meshwork.portal;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The answer to a question that is asked when it is first needed, and not again. */
final class AskedOnce<T> implements Supplier<T> {
  private final Supplier<T> question;
  private @Nullable T answer;

  AskedOnce(Supplier<T> question) {
    this.question = question;
  }

  @Override
  public T get() {
    T known = answer;
    if (known == null) {
      known = question.get();
      answer = known;
    }
    return known;
  }
}
