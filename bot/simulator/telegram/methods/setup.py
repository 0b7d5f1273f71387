"""Who the bot is, and how updates come to it."""

from bot.simulator.telegram.delivery import Delivery, Webhook
from bot.simulator.telegram.given import Given
from bot.simulator.telegram.shapes import Json
from bot.simulator.telegram.world import World


class Setup:
    def __init__(self, world: World, delivery: Delivery) -> None:
        self._world = world
        self._delivery = delivery

    async def get_me(self, _: Given) -> object:
        more = (
            "supports_inline_queries",
            "can_connect_to_business",
            "has_main_web_app",
            "has_topics_enabled",
        )
        groups = {"can_join_groups": True, "can_read_all_group_messages": not self._world.privacy}
        return self._world.bot | groups | dict.fromkeys(more, False)

    async def get_updates(self, given: Given) -> object:
        if "allowed_updates" in given.raw:
            self._delivery.updates.allowed = given.structure("allowed_updates")
        offset, limit = given.number("offset", 0), given.number("limit", 100)
        return await self._delivery.poll(offset, limit, float(given.number("timeout", 0)))

    async def set_webhook(self, given: Given) -> object:
        webhook = Webhook(given.text("url"), given.text("secret_token"), given.number("max_connections", 40))
        allowed = given.structure("allowed_updates")
        await self._delivery.hook(webhook, allowed, drop=given.flag("drop_pending_updates"))
        return True

    async def delete_webhook(self, given: Given) -> object:
        await self._delivery.hook(Webhook(""), None, drop=given.flag("drop_pending_updates"))
        return True

    async def get_webhook_info(self, _: Given) -> object:
        webhook = self._delivery.webhook
        found: Json = {
            "url": webhook.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self._delivery.updates.waiting),
        }
        if webhook.url:
            found |= {"max_connections": webhook.connections} | self._delivery.trouble
        if self._delivery.updates.allowed:
            found |= {"allowed_updates": self._delivery.updates.allowed}
        return found
