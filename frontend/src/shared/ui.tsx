/** Small pieces that the working pages share. */

import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";

const SIGNS: Record<string, string> = { ArrowLeft: "←", ArrowRight: "→", Enter: "↵", Shift: "⇧", Escape: "Esc", Delete: "Del" };

/** What is seen and not read out: a sign, or a key; the name beside it says what it is. */
export const Glyph = ({ children }: { children: string }) => <span class="glyph" aria-hidden="true" data-sign={children} />;

/** A key as keyboards print it. */
const printed = (key: string): string => SIGNS[key] ?? key;

export const Key = ({ children }: { children: string }) => (
  <kbd aria-hidden="true" data-sign={children.split(/(?<=.)\+(?=.)/).map(printed).join(" ")} />
);

interface ButtonProps {
  children: ComponentChildren;
  onClick?: () => void;
  /** Sends the form that it stands in. */
  submits?: boolean;
  label?: string;
  keys?: string;
  primary?: boolean;
  pressed?: boolean;
  disabled?: boolean;
  field?: string;
  class?: string;
}

/** A button; with `pressed` it is a toggle and says its state. */
export function Button({ children, onClick, label, keys, primary, submits, pressed, disabled, field, ...rest }: ButtonProps) {
  const look = rest.class ?? (pressed === undefined ? "btn" : "opt");
  return (
    <button
      type={submits ? "submit" : "button"}
      class={primary ? `${look} primary` : look}
      aria-label={label}
      aria-pressed={pressed}
      aria-keyshortcuts={keys?.replace("Ctrl", "Control")}
      disabled={disabled}
      data-field={field}
      onClick={onClick}
    >
      {children}
      {keys && <Key>{keys}</Key>}
    </button>
  );
}

interface AreaProps {
  label: string;
  hint?: string;
  value: string;
  onInput: (value: string) => void;
  disabled?: boolean;
  field?: string;
  /** The key that goes here. */
  keys?: string;
  rows?: number;
}

/** A text of several lines with its label. */
export function TextArea({ label, hint, value, onInput, disabled, field, keys, rows = 4 }: AreaProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>
        {label} {keys && <Key>{keys}</Key>}
      </label>
      {hint && <small id={`${id}-hint`}>{hint}</small>}
      <textarea
        id={id}
        rows={rows}
        value={value}
        disabled={disabled}
        data-field={field}
        aria-describedby={hint && `${id}-hint`}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </div>
  );
}

interface InputProps {
  label: string;
  value: string;
  onInput: (value: string) => void;
  required?: boolean;
}

export function TextInput({ label, value, onInput, required }: InputProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input id={id} value={value} required={required} onInput={(event) => onInput(event.currentTarget.value)} />
    </div>
  );
}

/** A password of somebody who is asked for it on the page; it has the focus. */
export function PasswordInput({ label, value, onInput }: Omit<InputProps, "required">) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        ref={input}
        id={id}
        type="password"
        autocomplete="current-password"
        required
        value={value}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </div>
  );
}

interface SelectProps {
  label: string;
  value: string;
  options: { value: string; label: string }[];
  onChange: (value: string) => void;
}

export function Select({ label, value, options, onChange }: SelectProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}

interface ChoiceProps<T> {
  label: string;
  options: { value: T; label: string; keys?: string }[];
  value: T | null;
  /** A key that goes through the options. */
  keys?: string;
  onChoose: (value: T) => void;
  disabled?: boolean;
  field?: string;
}

/** One of several. Buttons and not radio buttons: those would take the arrow keys, which step through frames. */
export function Choice<T extends string | number>({ label, keys, options, value, onChoose, disabled, field }: ChoiceProps<T>) {
  const id = useId();
  return (
    <div class="choice" role="group" aria-labelledby={id} data-field={field} tabIndex={-1}>
      <h3>
        <span id={id}>{label}</span>
        {keys && <Key>{keys}</Key>}
      </h3>
      <div class="seg">
        {options.map((option) => (
          <Button
            key={option.value}
            pressed={option.value === value}
            disabled={disabled}
            keys={option.keys}
            onClick={() => onChoose(option.value)}
          >
            {option.label}
          </Button>
        ))}
      </div>
    </div>
  );
}

export function Alert({ children, kind = "warn" }: { children: ComponentChildren; kind?: "warn" | "error" | "ok" }) {
  return (
    <div class={`alert ${kind}`} role={kind === "ok" ? "status" : "alert"}>
      {children}
    </div>
  );
}

/** A bar from 0 to 1. */
export const Progress = ({ label, value }: { label: string; value: number }) => (
  <progress class="progress" aria-label={label} max={1} value={value} />
);
