package io.meshwork.conformance.runner;

/** A JSON number as text, which keeps all digits and the sign of zero. */
record JsonNumber(String text) {}
