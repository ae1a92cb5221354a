"""A message as a shop posts it in the short form, with the bounds that the bridge sets."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, Field, model_validator

Key = Annotated[str, Field(min_length=1, max_length=255, coerce_numbers_to_str=True)]
Line = Annotated[str, Field(max_length=255)]
Word = Annotated[str, Field(max_length=64)]
Email = Annotated[str, Field(max_length=254, pattern=r"^[^@\s<>,;]+@[^@\s<>,;]+$")]
WebAddress = Annotated[str, Field(max_length=2048, pattern=r"^https?://[^\s<>\"\\]+$")]
Money = Annotated[Decimal, Field(max_digits=21, decimal_places=6)]


class Attachment(BaseModel):
    name: Line
    content_type: Line | None = None
    size: Annotated[int, Field(ge=0)] | None = None
    url: WebAddress | None = None


class Message(BaseModel):
    id: Key | None = None
    subject: Annotated[str, Field(max_length=998)] | None = None
    body: Annotated[str, Field(max_length=65_536, pattern=r"\S")]
    body_type: Literal["text", "html"] = "text"
    direction: Literal["customer", "staff", "system"] = "customer"
    sent_at: AwareDatetime | None = None
    in_reply_to: Line | None = None
    attachments: Annotated[list[Attachment], Field(max_length=20)] | None = None


class Customer(BaseModel):
    id: Key | None = None
    email: Email | None = None
    name: Line | None = None
    first_name: Line | None = None
    last_name: Line | None = None
    phone: Word | None = None
    locale: Word | None = None
    company: Line | None = None

    @model_validator(mode="after")
    def _has_a_name(self) -> "Customer":
        if self.id is None and self.email is None:
            raise ValueError("needs an email or an id")
        return self


class Item(BaseModel):
    sku: Line | None = None
    name: Annotated[str, Field(max_length=512)] | None = None
    quantity: Decimal | None = None
    price: Money | None = None


class Order(BaseModel):
    id: Key | None = None
    number: Key | None = None
    status: Word | None = None
    fulfillment_status: Word | None = None
    currency: Annotated[str, Field(max_length=8)] | None = None
    total: Money | None = None
    created_at: AwareDatetime | None = None
    url: WebAddress | None = None
    item_count: Annotated[int, Field(ge=0)] | None = None
    items: Annotated[list[Item], Field(max_length=2000)] | None = None


class Conversation(BaseModel):
    key: Line | None = None


class Posting(BaseModel):
    message: Message
    customer: Customer
    order: Order | None = None
    conversation: Conversation | None = None
    attributes: Annotated[dict[str, str | int | float | bool | None], Field(max_length=50)] | None = None

    @property
    def thread(self) -> str:
        """The shop's own key, else the order, else the customer."""
        if self.conversation and self.conversation.key:
            return self.conversation.key
        if self.order and self.order.id:
            return f"order:{self.order.id}"
        if self.order and self.order.number:
            return f"number:{self.order.number}"
        if self.customer.id:
            return f"customer:{self.customer.id}"
        return f"email:{(self.customer.email or '').lower()}"
