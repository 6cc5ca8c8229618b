import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.prompts import Choice, Unread, read_blocks, read_choice

OPTIONS = {
    "A": "Open the left gripper.",
    "B": "Hold still.",
    "C": "Move the left gripper upward.",
    "D": "Close the left gripper.",
}
VERDICT = {"A": "Failed", "B": "Successful"}
TYPES = {"A": "task planning", "B": "gripper state", "C": "gripper 6d-pose", "D": "human intervention"}
DRESS = [
    "{}", "{}.", "({})", "**{}**", "{})", "[{}]", '"{}"', "Option {}", "Answer: {}", "**Answer:** {}", "{}\n",
    "The answer is {}.", "The correct answer is ({}).", "<Answer>{}</Answer>", "<Answer>\n({})\n</Answer>",
    "<Think>A or B?</Think><Answer>{}.</Answer>", "<think>I first said A.</think>\n{}", "\\boxed{{{}}}",
    "I choose option {}.", "It drops the cube.\n\nFinal answer: {}", "{}\n\nThe gripper never closes.",
    "Option {} is correct.", "<Answer>{}",
]  # fmt: skip


@pytest.mark.parametrize("dress", DRESS)
@given(letter=st.sampled_from("ABCD"))
def test_a_letter_is_read_in_any_dress(dress, letter):
    assert read_choice(dress.format(letter), OPTIONS) == Choice(letter)


@given(
    letter=st.sampled_from("ABCD"),
    quote=st.sampled_from(["", '"', "'", "**"]),
    end=st.sampled_from(["", "."]),
)
def test_an_options_text_is_read(letter, quote, end):
    for options in (OPTIONS, TYPES):
        text = options[letter].rstrip(".") + end
        assert read_choice(f"{quote}{text.upper()}{quote}", options) == Choice(letter)
        assert read_choice(f"{letter}. {text}", options) == Choice(letter)
        assert read_choice(f"({letter}) {text}", options) == Choice(letter)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        ("  \n", "empty"),
        ("<Think>B</Think><Answer></Answer>", "empty"),
        ("A or B", "ambiguous"),
        ("A, B", "ambiguous"),
        ("The answer is A. No, the answer is C.", "ambiguous"),
        ("A. Hold still.", "ambiguous"),  # the letter of one option, the text of another
        ("I'm sorry, but I can't help with that.", "refused"),
        ("It cannot be determined from these images.", "refused"),
        ("E", "unreadable"),
        ("A gripper is above the cube.", "unreadable"),
        ("Option C can be excluded.", "unreadable"),
        ("The left gripper should do something else.", "unreadable"),
    ],
)
def test_what_is_not_said_is_not_guessed(text, why):
    read = read_choice(text, OPTIONS)
    assert isinstance(read, Unread)
    assert read.why == why
    assert read.message


@pytest.mark.parametrize(
    ("text", "letter"),
    [("Failed", "A"), ("successful.", "B"), ("'Failed'", "A"), ("The answer is: Failed", "A")],
)
def test_a_verdict_is_read_as_text(text, letter):
    assert read_choice(text, VERDICT) == Choice(letter)


@pytest.mark.parametrize("text", ["not successful", "The task was unsuccessful", "Failed or Successful"])
def test_a_negation_is_never_its_opposite(text):
    assert isinstance(read_choice(text, VERDICT), Unread)


@given(st.text(max_size=300))
def test_any_text_is_read_or_not_but_never_raises(text):
    read = read_choice(text, OPTIONS)
    assert isinstance(read, Unread) or read.letter in OPTIONS


def test_the_last_of_each_block_counts():
    blocks = read_blocks("<Think>one</Think><Answer>a</Answer> again <think>two</think><answer>b")
    assert (blocks.think, blocks.answer) == ("two", "b")
    assert read_blocks("nothing") == read_blocks("")
