package io.meshwork.conformance.runner;

/** A number of JSON as it is written, so that neither digits nor the sign of a zero get lost. */
record JsonNumber(String text) {}
