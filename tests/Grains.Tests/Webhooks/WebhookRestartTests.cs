using Capacitor.Testing;
using Capacitor.Webhooks;

namespace Capacitor.Grains.Tests.Webhooks;

public sealed class WebhookRestartTests(WebhookSilo silo) : IClassFixture<WebhookSilo>
{
    [Fact]
    public async Task Restart_EventsWaited_PostsThemAllInOrderWithTheSameIds()
    {
        await using var receiver = await WebhookReceiver.StartAsync(ReceiverAnswers.Hang);
        var tenant = await silo.TenantAsync();
        await silo.Webhooks(tenant).CreateAsync(new NewWebhook { Url = receiver.Url.ToString(), Events = ["*"] });
        var sent = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            sent.Add(await silo.PublishAsync(tenant));
        }

        var cutOff = Assert.Single(await receiver.WaitForAsync(1));
        receiver.Answer = ReceiverAnswers.Status(200);
        await silo.RestartAsync();
        await silo.Webhooks(tenant).ListAsync(); // whatever activates the grain

        var received = await receiver.WaitForAsync(6);
        Assert.Equal(sent, received.Skip(1).Select(webhook => webhook.Id));
        Assert.Equal(cutOff.Body, received[1].Body);
    }
}
